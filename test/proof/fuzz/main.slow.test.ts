import { describe, expect, it } from 'vitest';
import { type CommandResult } from '../../support/commands/startScript.ts';
import { runScript } from '../../support/commands/runScript.ts';

const fuzz = (...args: readonly string[]): Promise<CommandResult> =>
  runScript('proof/fuzz/main.ts', args, { env: {} });

describe('npm run fuzz', () => {
  it('ends with one line of JSON, with the same figures from one thread and from two', async () => {
    const range = ['--bodies', '300', '--seed', '3', '--from', '50', '--json'];

    const one = await fuzz(...range, '--workers', '1');
    const two = await fuzz(...range, '--workers', '2');

    const figures: Record<string, unknown> = JSON.parse(one.stdout);
    const { outcomes }: Record<string, unknown> = JSON.parse(two.stdout);
    expect([one.exitCode, two.exitCode]).toEqual([0, 0]);
    expect(figures).toMatchObject({ suite: 'bodies', seed: 3, inputs: 300, violations: 0, found: [] });
    expect(outcomes).toEqual(figures.outcomes);
  });

  it('prints the figures for a person', async () => {
    const { stdout, stderr, exitCode } = await fuzz('--suite', 'cards', '--bodies', '50', '--workers', '1');

    expect(exitCode).toBe(0);
    expect(stderr).toContain('fuzzing cards: seed 1, from 0, 50 inputs');
    expect(stdout).toMatch(/\n50 inputs, \d+ of them malformed, 0 violations, .*\n$/);
  });

  it.each([
    ['a text as a number', ['--bodies', 'many'], 'Expected a whole number from 1'],
    ['zero inputs', ['--bodies', '0'], 'Expected a whole number from 1'],
    ['a seed that is too large', ['--seed', '4294967296'], 'Expected a whole number from 0 to 4294967295'],
    ['an unknown suite', ['--suite', 'headers'], 'Allowed choices are bodies, lines, cards'],
    ['an unknown option', ['--forever'], 'unknown option'],
  ])('refuses %s with exit code 2', async (_what, args, words) => {
    const { stderr, exitCode } = await fuzz(...args);

    expect(exitCode).toBe(2);
    expect(stderr).toContain(words);
  });

  it('shows its help', async () => {
    const { stdout, exitCode } = await fuzz('--help');

    expect(exitCode).toBe(0);
    expect(stdout).toContain('--from <number>');
  });
});
