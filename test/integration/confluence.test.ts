import { describeConfluence } from '../support/functions/confluenceSuite.ts';

describeConfluence(9);
