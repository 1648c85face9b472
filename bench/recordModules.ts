/**
 * Loaded with `--import` into a process under test: every module that it loads, of either kind, becomes a line in a file, which
 * the test reads while the process runs.
 */
import { appendFileSync } from 'node:fs';
import { registerHooks } from 'node:module';

const file = process.env.MODULES_FILE;
if (file === undefined) throw new Error('expected MODULES_FILE');

registerHooks({
  load: (url, context, nextLoad) => {
    appendFileSync(file, `${url}\n`);
    return nextLoad(url, context);
  },
});
