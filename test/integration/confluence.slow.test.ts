import { describeConfluence } from '../support/functions/confluenceSuite.ts';

describeConfluence(1);
