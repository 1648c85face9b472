import { expect, it } from 'vitest';
import { whereToGoOn } from '../../../cli/dlq/whereToGoOn.ts';

const ID = 'a'.repeat(32);
const doneUpTo = { day: '2026-11-24', shard: 7, id: ID, reason: 'invalid' } as const;
const after = `2026-11-24/7/${ID}/invalid`;
const refused = new Map<string, number>();

it.each([
  ['what is left of the limit, after Ctrl-C', 128, 'signal', false, { limit: 72, after }],
  ['what is left of the limit, after a failure', 128, undefined, true, { limit: 72, after }],
  ['the same limit, when it was reached', 200, 'limit', false, { limit: 200, after }],
  ['nothing, at the end', 128, undefined, false, undefined],
] as const)('a redrive goes on with %s', (_what, sent, stopped, isFailed, expected) => {
  expect(whereToGoOn({ sent, refused, doneUpTo, stopped }, 200, isFailed)).toEqual(expected);
});

it('a redrive that did nothing begins again', () => {
  const result = { sent: 0, refused, doneUpTo: undefined, stopped: 'signal' } as const;

  expect(whereToGoOn(result, 200, false)).toBeUndefined();
});
