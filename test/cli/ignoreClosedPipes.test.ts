import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const MODULE = join(import.meta.dirname, '../../cli/ignoreClosedPipes.ts');
const LINES = 20_000;

/** Prints lines until the end, with a pause in which the broken pipe is told, and then says how it ended. */
const script = (prepare: string): string => `
  import { ignoreClosedPipes } from ${JSON.stringify(MODULE)};
  ${prepare}
  for (let line = 0; line < ${LINES}; line += 1) {
    console.log('line', line);
    if (line % 1_000 === 0) await new Promise(setImmediate);
  }
  console.error('done');
  process.exitCode = 3;`;

const pipeIntoHead = (prepare: string) =>
  promisify(execFile)('bash', [
    '--norc',
    '-c',
    '"$0" --input-type=module-typescript -e "$1" | head -1; echo "exit ${PIPESTATUS[0]}"',
    process.execPath,
    script(prepare),
  ]);

it('a command whose reader has gone does all of its work, and ends with its own exit code', async () => {
  const { stdout, stderr } = await pipeIntoHead('ignoreClosedPipes([process.stdout, process.stderr]);');

  expect([stdout, stderr]).toEqual(['line 0\nexit 3\n', 'done\n']);
});
