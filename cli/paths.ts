import { join } from 'node:path';

const PROJECT_FOLDER = join(import.meta.dirname, '..');

/** What a run leaves behind: downloads, data, logs. Ignored by git. */
export const STATE_FOLDER = join(PROJECT_FOLDER, '.tally');
export const LOG_FOLDER = join(STATE_FOLDER, 'logs');
/** Apart from the others, for a demo may run beside a system that stays. */
export const DEMO_LOG_FOLDER = join(LOG_FOLDER, 'demo');
