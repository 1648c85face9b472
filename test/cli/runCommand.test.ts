import { Command } from 'commander';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { runCommand } from '../../cli/runCommand.ts';
import { ProcessEndedError } from '../../local/processEndedError.ts';
import { SystemStoppedError } from '../../local/systemStoppedError.ts';

/** What a command leaves on the screen that ends with this error. */
const screenAfter = async (error: unknown): Promise<string[]> => {
  const written: unknown[] = [];
  vi.spyOn(console, 'error').mockImplementation((text: unknown) => void written.push(text));
  vi.spyOn(process, 'argv', 'get').mockReturnValue(['node', 'tally']);
  const program = new Command('tally').action(() => {
    throw error;
  });
  await runCommand(program);
  return written.join('\n').split('\n');
};

const ended = (lastLines: readonly string[]) =>
  new ProcessEndedError({
    process: 'Cassandra',
    how: 'was ended by SIGKILL',
    logFile: '/logs/cassandra.log',
    lastLines,
  });

describe('the end of the screen after a failure', () => {
  afterEach(() => {
    vi.restoreAllMocks();
    process.exitCode = undefined;
  });

  it('says what died and what to do, below the end of its log', async () => {
    const log = Array.from({ length: 15 }, (_, line) => `line ${line}`);

    const screen = await screenAfter(new SystemStoppedError('Start again.', ended(log)));

    expect(screen).toEqual([
      '',
      'The end of the log of Cassandra:',
      ...log.map((line) => `  ${line}`),
      '',
      'tally: everything was stopped: Cassandra was ended by SIGKILL; its log is /logs/cassandra.log',
      'Start again.',
    ]);
    expect(process.exitCode).toBe(1);
  });

  it('obeys nothing that is in a log, and cuts its lines', async () => {
    const screen = await screenAfter(ended(['\tat \u001b[2J', 'a'.repeat(10_000)]));

    expect(screen[2]).toBe('    at \\u{1b}[2J');
    expect(screen[3]).toHaveLength(499);
  });

  it('is the message alone where a process printed nothing, or none has ended', async () => {
    expect(await screenAfter(ended([]))).toEqual([
      'tally: Cassandra was ended by SIGKILL; its log is /logs/cassandra.log',
    ]);
    expect(await screenAfter(new Error('no'))).toEqual(['tally: no']);
  });
});
