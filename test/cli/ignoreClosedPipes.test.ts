import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { ignoreClosedPipes } from '../../cli/ignoreClosedPipes.ts';

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

const failAs = (code: string, isTTY: boolean) => {
  const stream = Object.assign(new PassThrough(), { isTTY });
  ignoreClosedPipes([stream]);
  return () => stream.emit('error', Object.assign(new Error(code), { code }));
};

it('a command whose terminal was closed goes on', () => {
  expect(failAs('EIO', true)).not.toThrow();
});

it.each([
  ['a terminal that fails in another way', true, 'ENOSPC'],
  ['a file that could not be written', false, 'EIO'],
])('%s is not hidden', (_what, isTTY, code) => {
  expect(failAs(code, isTTY)).toThrow(code);
});
