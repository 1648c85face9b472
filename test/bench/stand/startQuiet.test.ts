import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { BENCH_LOG_FOLDER } from '../../../bench/emulators.ts';
import { removeOutputs, startQuiet } from '../../../bench/stand/startQuiet.ts';

it('keeps what a process printed after its end, until it is removed', async () => {
  await mkdir(BENCH_LOG_FOLDER, { recursive: true });
  const script = "console.log('ready'); setInterval(() => {}, 1_000);";
  const quiet = await startQuiet({
    name: 'test-of-quiet',
    args: ['--eval', script],
    env: {},
    ready: { text: 'ready' },
  });
  await quiet.stop();
  expect(await readFile(quiet.outputFile, 'utf8')).toBe('ready\n');

  await removeOutputs();

  expect(existsSync(quiet.outputFile)).toBe(false);
});
