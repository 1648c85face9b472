import { describeErrors } from '../support/wire/errorSuite.ts';

describeErrors(13);
