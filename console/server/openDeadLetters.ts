import type { DeadLetterDeps } from './deadLetters/deadLetterDeps.ts';
import { createLetterIndex } from './deadLetters/letterIndex.ts';
import { createJobs } from './jobs/jobs.ts';
import type { Route } from './route.ts';
import { deadLetterActionRoutes } from './routes/deadLetterActionRoutes.ts';
import { deadLetterRoutes } from './routes/deadLetterRoutes.ts';

interface OpenedDeadLetters {
  readonly routes: readonly Route[];
  /** Ends what reads, stops a redrive or a discard between two messages, and waits for that. */
  readonly close: () => Promise<void>;
}

/** All about dead letters, with what they keep: the counts, and the job that runs. */
export const openDeadLetters = (deps: DeadLetterDeps): OpenedDeadLetters => {
  const index = createLetterIndex(deps.store, deps.clock);
  const jobs = createJobs(deps, index);
  return {
    routes: [...deadLetterRoutes(deps, index), ...deadLetterActionRoutes({ ...deps, index, jobs })],
    close: async () => {
      index.close();
      await jobs.close();
    },
  };
};
