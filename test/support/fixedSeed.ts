import * as fc from 'fast-check';

/**
 * The same random cases in every run: a mutant that was killed once stays killed. Other runs draw new cases.
 */
fc.configureGlobal({ seed: 20_240_121 });
