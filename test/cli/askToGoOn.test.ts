import { afterEach, expect, it, vi } from 'vitest';
import { askToGoOn } from '../../cli/askToGoOn.ts';
import { takeTerminal } from '../support/commands/takeTerminal.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

it.each(['y\n', 'YES\n'])('goes on after %j', async (typed) => {
  const screen = takeTerminal(() => typed);

  await askToGoOn('3 messages would be sent.', false);

  expect(screen()).toContain('3 messages would be sent. Go on? [y/N] ');
});

it.each([
  ['n', 'n\n', 'UnableError'],
  ['nothing', '\n', 'UnableError'],
  ['Ctrl-D', '\u0004', 'UnableError'],
  ['Ctrl-C', '\u0003', 'InterruptedError'],
])('does nothing after %s', async (_what, typed, name) => {
  vi.spyOn(console, 'error').mockImplementation(() => {});
  takeTerminal(() => typed);

  await expect(askToGoOn('3 messages would be sent.', false)).rejects.toMatchObject({
    name,
    message: 'nothing was done',
  });
});
