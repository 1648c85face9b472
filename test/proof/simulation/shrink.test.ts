import { describe, expect, it } from 'vitest';
import { type CommandResult, runScript } from '../../../proof/runScript.ts';

const simulate = (...args: readonly string[]): Promise<CommandResult> =>
  runScript('proof/simulation/main.ts', args, { env: {} });

describe('npm run simulation', () => {
  it('shrinks a run that breaks a promise, and prints the command that repeats it', async () => {
    const bug = 'onOrder attaches nothing';
    const first = await simulate('--seed', '2', '--bug', bug, '--json');

    const [, messages = '', faults = ''] =
      /--seed 2 --trace --messages ([\d,]+)(?: --faults (\S+))?/.exec(first.stderr) ?? [];
    const allowed = faults === '' ? [] : ['--faults', faults];
    const again = await simulate('--seed', '2', '--trace', '--bug', bug, '--messages', messages, ...allowed);

    expect(first.exitCode).toBe(1);
    expect(messages.split(',').length).toBeLessThan(8);
    expect(again.exitCode).toBe(1);
    expect(again.stderr).toContain('I3: ');
    expect(again.stderr).toContain('onOrder is given');
  });
});
