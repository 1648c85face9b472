import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A process that was killed a moment ago may still be writing. */
const REMOVAL = { recursive: true, force: true, maxRetries: 10, retryDelay: 100 };

interface TemporaryFolder {
  readonly path: string;
  readonly remove: () => void;
}

/**
 * Makes a folder that only this user can read. It is gone when this process exits, if it was not removed
 * before. A signal that nobody handles is no exit, so whoever puts a person's data into it handles signals.
 * @param name `demo` → `/tmp/tally-demo-` and six more characters.
 */
export const openTemporaryFolder = (name: string): TemporaryFolder => {
  const path = mkdtempSync(join(tmpdir(), `tally-${name}-`));
  const removeAtExit = (): void => rmSync(path, REMOVAL);
  process.once('exit', removeAtExit);
  return {
    path,
    remove: () => {
      process.off('exit', removeAtExit);
      removeAtExit();
    },
  };
};
