import { join, resolve } from 'node:path';

export const PROJECT_FOLDER = join(import.meta.dirname, '..');

/** What a run leaves behind: downloads, data and logs. Git ignores it. */
export const STATE_FOLDER = join(PROJECT_FOLDER, '.tally');

/**
 * Where `tally up` keeps its data, its logs and its address. A second system beside the first one needs
 * another folder, in `TALLY_RUN_FOLDER`, and so do the commands that are to find it.
 */
export const RUN_FOLDER =
  (process.env.TALLY_RUN_FOLDER ?? '') === '' ? STATE_FOLDER : resolve(String(process.env.TALLY_RUN_FOLDER));
export const LOG_FOLDER = join(RUN_FOLDER, 'logs');
/** A folder of its own, because a demo may run beside `tally up`. */
export const DEMO_LOG_FOLDER = join(LOG_FOLDER, 'demo');
