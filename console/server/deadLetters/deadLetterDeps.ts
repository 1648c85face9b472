import type { ConsoleDeps } from '../../consoleDeps.ts';

/** What looking at dead letters, and acting on them, needs of the console. */
export type DeadLetterDeps = Pick<ConsoleDeps, 'place' | 'store' | 'publisher' | 'operator' | 'clock'>;
