import { registerHooks } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type PlantedBug, PLANTED_BUGS } from './plantedBugs.ts';

const PROJECT_FOLDER = join(import.meta.dirname, '../../..');

/**
 * Puts a planted bug into the product, in this thread only. The files on disk stay as they are: their text is
 * changed when it is loaded. Call it before the product is imported.
 * @param bugs where the name is looked for. Default: the bugs that the simulation must catch.
 * @throws Error when no bug has this name. The import of a file fails when the bug's text is not in it
 * exactly once.
 */
export const plantBug = (name: string, bugs: readonly PlantedBug[] = PLANTED_BUGS): void => {
  const bug = bugs.find((known) => known.name === name);
  if (bug === undefined) throw new Error(`no planted bug is called "${name}"`);
  const changes = new Map(
    [bug, ...(bug.also ?? [])].map((change) => [
      pathToFileURL(join(PROJECT_FOLDER, change.file)).href,
      change,
    ]),
  );
  registerHooks({
    load: (url, context, nextLoad) => {
      const loaded = nextLoad(url, context);
      const change = changes.get(url);
      if (change === undefined) return loaded;
      const { source } = loaded;
      const text = typeof source === 'string' ? source : Buffer.from(source as Uint8Array).toString();
      const parts = text.split(change.find);
      if (parts.length !== 2) {
        throw new Error(
          `the planted bug "${name}" expects its text once in ${change.file}, found it ${parts.length - 1} times`,
        );
      }
      return { ...loaded, source: parts.join(change.replace) };
    },
  });
};
