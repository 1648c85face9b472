import { describe, expect, it } from 'vitest';
import { type CommandResult } from '../../support/commands/startScript.ts';
import { runScript } from '../../support/commands/runScript.ts';

const KEYS = ['seeds', 'runs', 'messages', 'deliveries', 'faults', 'violations', 'runsPerSecond'];

const ONE_RUN = ['--seed', '--trace', '--messages'];
const MANY_RUNS = ['--seeds', '--from', '--minutes', '--threads'];

const simulation = (...args: readonly string[]): Promise<CommandResult> =>
  runScript('proof/simulation/main.ts', args, { env: {} });

describe('npm run simulation', () => {
  it('ends with one line of JSON, always with the same keys', async () => {
    const { exitCode, stdout } = await simulation('--seeds', '20', '--from', '7', '--json');

    expect(exitCode).toBe(0);
    expect(stdout.split('\n')).toHaveLength(2);
    const figures: Record<string, unknown> = JSON.parse(stdout);
    expect(Object.keys(figures)).toEqual(KEYS);
    expect(figures).toMatchObject({ seeds: 20, runs: 20, violations: 0 });
  });

  it('gives the same figures with one thread and with two', async () => {
    const range = ['--seeds', '110', '--json'];

    const one = await simulation(...range, '--threads', '1');
    const two = await simulation(...range, '--threads', '2');

    const { runsPerSecond: _, ...figures } = JSON.parse(one.stdout);
    expect(JSON.parse(two.stdout)).toMatchObject(figures);
  });

  it('gives the same figures for a single run, under the same keys', async () => {
    const single = await simulation('--seed', '7', '--json');
    const range = await simulation('--seeds', '1', '--from', '7', '--json');

    expect(single.exitCode).toBe(0);
    expect(Object.keys(JSON.parse(single.stdout))).toEqual(KEYS);
    const { runsPerSecond: _, ...figures } = JSON.parse(range.stdout);
    expect(JSON.parse(single.stdout)).toMatchObject(figures);
  });

  it('prints one figure on each line', async () => {
    const { exitCode, stdout } = await simulation('--seeds', '3');

    expect(exitCode).toBe(0);
    expect(
      stdout
        .trim()
        .split('\n')
        .map((line) => line.split(/\s+/)[0]),
    ).toEqual(KEYS);
  });

  it('fails when a promise is broken, and prints the command that replays the run', async () => {
    const bug = 'poison is retried';
    const { exitCode, stdout, stderr } = await simulation('--seeds', '2', '--bug', bug, '--json');

    expect(exitCode).toBe(1);
    const figures = JSON.parse(stdout);
    expect(Object.keys(figures)).toEqual(KEYS);
    expect(figures.violations).toBeGreaterThan(0);
    expect(stderr).toContain('I7: ');
    expect(stderr).toContain(`npm run simulation -- --seed 0 --trace --bug "${bug}"`);
  });

  it.each([
    [['--seeds', '0'], 'Expected a whole number from 1 to 4294967295.'],
    [['--seeds', 'many'], 'Expected a whole number from 1 to 4294967295.'],
    [['--from', '-1'], 'Expected a whole number from 0 to 4294967295.'],
    [['--from', '4294967295', '--seeds', '2'], 'The last seed would be above 4294967295.'],
    [['--minutes', '0'], 'Expected a whole number from 1 to 1440.'],
    [['--threads', '65'], 'Expected a whole number from 1 to 64.'],
    [['--seed', '4294967296'], 'Expected a whole number from 0 to 4294967295.'],
    [['--seed', '1', '--threads', '2'], '--seed makes one run only. Leave out --threads.'],
    [['--seed', '1', '--seeds', '2', '--from', '3'], 'Leave out --seeds, --from.'],
    [['--trace'], '--trace and --messages need --seed, because they are about one run.'],
    [['--messages', '1'], '--trace and --messages need --seed, because they are about one run.'],
    [['--seed', '1', '--messages', '1,two'], 'Expected a whole number from 0 to 999.'],
    [['--seed', '1', '--messages', '999'], 'Seed 1 has no message with these numbers: --messages 999.'],
    [['--seed', '1', '--faults', 'meteor'], 'Expected "none", or a list of '],
    [['--bug', 'none of ours'], 'Allowed choices are '],
    [['--forever'], "unknown option '--forever'"],
    [['1000'], 'too many arguments'],
  ])('refuses %j with 2, and says what is allowed', async (args, words) => {
    const { exitCode, stdout, stderr } = await simulation(...args);

    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toContain(words);
  });

  it('shows its help', async () => {
    const { exitCode, stdout } = await simulation('--help');

    expect(exitCode).toBe(0);
    for (const option of [...ONE_RUN, ...MANY_RUNS, '--faults', '--bug', '--json'])
      expect(stdout).toContain(`  ${option} `);
  });
});
