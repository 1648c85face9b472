import { describe, expect, it } from 'vitest';
import { type CommandResult } from '../../../support/commands/startScript.ts';
import { runScript } from '../../../support/commands/runScript.ts';

const runBugs = (...args: readonly string[]): Promise<CommandResult> =>
  runScript('proof/simulation/plantedBugs/main.ts', args, { env: {} });

describe('npm run simulation:bugs', () => {
  it('ends with one line of JSON, also about the same seeds without the bug', async () => {
    const { exitCode, stdout } = await runBugs('--bug', 'nothing is shown', '--json');

    expect(exitCode).toBe(0);
    expect(stdout.split('\n')).toHaveLength(2);
    const { withoutBug, ...figures } = JSON.parse(stdout);
    expect(figures).toEqual({ bugs: 1, caught: 1, seeds: 1_000 });
    expect(withoutBug.runs).toBeGreaterThan(0);
    expect(withoutBug).toEqual({ runs: withoutBug.runs, violations: 0 });
  });

  it('prints which seed caught a bug, and which promise broke', async () => {
    const { exitCode, stdout } = await runBugs('--bug', 'poison is retried');

    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^\| poison is retried \| \d+ \| I7 \| .* \|$/m);
    expect(stdout).toMatch(/^The same \d+ seeds without a bug: 0 violations\.$/m);
  });

  it('fails when a bug is not caught, and names it', async () => {
    const { exitCode, stdout, stderr } = await runBugs(
      '--bug',
      'a blank does not tell of its erasure',
      '--seeds',
      '1',
    );

    expect(exitCode).toBe(1);
    expect(stdout).toContain('| a blank does not tell of its erasure | NOT CAUGHT |');
    expect(stderr).toContain('1 of 1 bugs were not caught with 1 seeds');
  });

  it.each([
    [['--seeds', '0'], 'Expected a whole number from 1 to 1000000.'],
    [['--seeds', 'many'], 'Expected a whole number from 1 to 1000000.'],
    [['--bug', 'none of ours'], 'Allowed choices are'],
    [['--forever'], "unknown option '--forever'"],
    [['all'], 'too many arguments'],
  ])('refuses %j with 2, and says what is allowed', async (args, words) => {
    const { exitCode, stdout, stderr } = await runBugs(...args);

    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toContain(words);
  });

  it('shows its help', async () => {
    const { exitCode, stdout } = await runBugs('--help');

    expect(exitCode).toBe(0);
    for (const option of ['--bug <name>', '--seeds <count>', '--json']) expect(stdout).toContain(option);
  });
});
