import { registerHooks } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { PLANTED_BUGS } from './plantedBugs.ts';

const PROJECT_FOLDER = join(import.meta.dirname, '../../..');

/**
 * Puts a planted bug into the product, in this thread only. The file on disk stays as it is: its text is
 * changed when it is loaded. Call it before the product is imported.
 * @throws Error when no bug has this name. The import of the file fails when the bug's text is not in it
 * exactly once.
 */
export const plantBug = (name: string): void => {
  const bug = PLANTED_BUGS.find((known) => known.name === name);
  if (bug === undefined) throw new Error(`no planted bug is called "${name}"`);
  const target = pathToFileURL(join(PROJECT_FOLDER, bug.file)).href;
  registerHooks({
    load: (url, context, nextLoad) => {
      const loaded = nextLoad(url, context);
      if (url !== target) return loaded;
      const { source } = loaded;
      const text = typeof source === 'string' ? source : Buffer.from(source as Uint8Array).toString();
      const parts = text.split(bug.find);
      if (parts.length !== 2) {
        throw new Error(
          `the planted bug "${name}" expects its text once in ${bug.file}, found it ${parts.length - 1} times`,
        );
      }
      return { ...loaded, source: parts.join(bug.replace) };
    },
  });
};
