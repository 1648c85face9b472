import { NOTHING_YET, type SumsSource } from './liveSums.ts';

/** The sums of an environment in which nobody counts for the page. */
export const createQuietSums = (): SumsSource & { readonly stop: () => Promise<void> } => ({
  sums: () => ({ ...NOTHING_YET, progress: null, problem: 'nobody counts the tables for this page' }),
  ids: () => undefined,
  again: () => {},
  stop: async () => {},
});
