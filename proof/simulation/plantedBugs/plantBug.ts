import { registerHooks } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { PLANTED_BUGS } from './plantedBugs.ts';

const PROJECT_FOLDER = join(import.meta.dirname, '../../..');

/**
 * Puts a planted bug into the product for this thread: the file is changed as it is loaded, and nowhere else. Call it before
 * anything of the product is imported.
 * @throws Error for an unknown name. A text that is no longer in its file fails as the file is imported.
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
