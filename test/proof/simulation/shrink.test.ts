import { describe, expect, it } from 'vitest';
import { type CommandResult } from '../../support/commands/startScript.ts';
import { runScript } from '../../support/commands/runScript.ts';

const simulation = (...args: readonly string[]): Promise<CommandResult> =>
  runScript('proof/simulation/main.ts', args, { env: {} });

describe('npm run simulation', () => {
  it('shrinks a run that breaks a promise, and prints the command that replays the small run', async () => {
    const bug = 'nothing is shown';
    const first = await simulation('--seed', '0', '--bug', bug, '--json');

    const [, messages = '', faults = ''] =
      /--seed 0 --trace --messages ([\d,]+)(?: --faults (\S+))?/.exec(first.stderr) ?? [];
    const allowed = faults === '' ? [] : ['--faults', faults];
    const again = await simulation(
      '--seed',
      '0',
      '--trace',
      '--bug',
      bug,
      '--messages',
      messages,
      ...allowed,
    );

    expect(first.exitCode).toBe(1);
    expect(messages.split(',').length).toBeLessThan(8);
    expect(again.exitCode).toBe(1);
    expect(again.stderr).toContain('I3: ');
    expect(again.stderr).toContain('onOrder is given');
  });
});
