import { join } from 'node:path';

const PROJECT_FOLDER = join(import.meta.dirname, '..');

/** What a run leaves behind: downloads, data, logs. Ignored by git. */
export const STATE_FOLDER = join(PROJECT_FOLDER, '.tally');
