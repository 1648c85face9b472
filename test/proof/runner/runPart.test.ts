import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { isAlive } from '../../../local/isAlive.ts';
import { until } from '../../../proof/until.ts';
import { runPart } from '../../../proof/runner/runPart.ts';

const NEVER = new AbortController().signal;

const runShell = (script: string, stop = NEVER) =>
  runPart({ name: 'a part', command: ['sh', '-c', script] }, stop);

describe('a part of the proof', () => {
  it('passes when its command succeeds', async () => {
    expect(await runShell('echo so far; echo \'{"runs":3}\'')).toMatchObject({
      name: 'a part',
      isShown: true,
      figures: { runs: 3 },
    });
  });

  it('fails when its command fails, and keeps the figures', async () => {
    expect(await runShell('echo \'{"violations":1}\'; exit 1')).toMatchObject({
      isShown: false,
      figures: { violations: 1 },
    });
  });

  it('fails when its command is killed', async () => {
    expect(await runShell('echo so far; kill -9 $$')).toMatchObject({ isShown: false, figures: 'so far' });
  });

  it('leaves no process behind that holds its output open', async () => {
    const { figures } = await runShell('sleep 300 & echo "{\\"pid\\":$!}"');

    const { pid } = figures as { readonly pid: number };
    await until('the end of what it left', () => !isAlive(pid));
  });

  it('is killed when it does not end after a stop', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tally-part-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const stop = new AbortController();
    const deaf = `trap "" TERM; touch ${folder}/deaf; while :; do sleep 0.05; done`;
    const ended = runShell(deaf, stop.signal);
    await until('a part that hears no SIGTERM', () => existsSync(join(folder, 'deaf')));

    stop.abort();

    expect(await ended).toMatchObject({ isShown: false, figures: 'stopped' });
  });

  it('says that there is no such program', async () => {
    const part = { name: 'a part', command: ['no-such-program'] } as const;

    await expect(runPart(part, NEVER)).rejects.toThrow('spawn no-such-program ENOENT');
  });
});
