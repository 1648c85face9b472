import { join } from 'node:path';

export const PROJECT_FOLDER = join(import.meta.dirname, '..');

/** What a run leaves behind: downloads, data and logs. Git ignores it. */
export const STATE_FOLDER = join(PROJECT_FOLDER, '.tally');
export const LOG_FOLDER = join(STATE_FOLDER, 'logs');
/** A folder of its own, because a demo may run beside `tally up`. */
export const DEMO_LOG_FOLDER = join(LOG_FOLDER, 'demo');
