import { describeCounterexamples } from '../../support/proof/counterexampleSuite.ts';

describeCounterexamples();
