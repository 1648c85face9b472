import * as fc from 'fast-check';

/** The same cases in every run, so that a mutant that was killed once stays killed. Elsewhere each run draws its own. */
fc.configureGlobal({ seed: 20_240_121 });
