/**
 * Loaded with `--import` into a process under test. Writes a line into a file for every ES or CommonJS module
 * that the process loads. The test reads the file while the process runs.
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
