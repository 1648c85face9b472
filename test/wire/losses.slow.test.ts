import { describeLosses } from '../support/wire/lossSuite.ts';

describeLosses(1);
