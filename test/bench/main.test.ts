import { describe, expect, it } from 'vitest';
import { runScript } from '../support/commands/runScript.ts';

const bench = (...args: readonly string[]) => runScript('bench/main.ts', args, { env: { PATH: '/nowhere' } });

describe('npm run bench', () => {
  it.each([
    [['--only', 'speed'], 'Allowed choices are counts, end-to-end'],
    [['--rounds', '0'], 'Expected a whole number from 1 to 100.'],
    [['--forever'], "unknown option '--forever'"],
  ])('refuses %j with 2, and says what is allowed', async (args, words) => {
    const { exitCode, stdout, stderr } = await bench(...args);

    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toContain(words);
  });

  it('ends with 2 before it starts anything, and names what is missing for a later part', async () => {
    const { exitCode, stdout, stderr } = await bench('--only', 'counts', 'starts');

    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toContain('cannot be installed, which needs npm, and its registry');
    expect(stderr).not.toContain('Cassandra');
  });

  it('shows its help', async () => {
    const { exitCode, stdout } = await bench('--help');

    expect(exitCode).toBe(0);
    for (const option of ['--quick', '--only <parts...>', '--write', '--json'])
      expect(stdout).toContain(option);
  });
});
