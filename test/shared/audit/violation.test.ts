import { describe, expect, it } from 'vitest';
import { judge, type Violation } from '../../../shared/audit/violation.ts';

const violation = (detail: string, mayBeInProgress = true): Violation => ({
  promise: 'I3',
  detail,
  orderId: 1n,
  mayBeInProgress,
});
const unjoined = violation('not joined');
const torn = violation('torn', false);

describe('what two looks saw', () => {
  it.for<[string, number, readonly Violation[], readonly Violation[], string, string]>([
    ['both, as far apart as a message may be on its way', 660_000, [unjoined], [unjoined], 'not joined', ''],
    ['both, less far apart', 659_999, [unjoined], [unjoined], '', 'not joined'],
    ['only the second', 700_000, [torn], [unjoined], '', 'not joined'],
    ['only the first', 700_000, [unjoined], [], '', ''],
    ['what can never be in progress, at one moment', 0, [torn], [torn], 'torn', ''],
    ['what can never be in progress, only the second', 0, [], [torn], 'torn', ''],
    ['both kinds', 1_000, [torn, unjoined], [torn, unjoined], 'torn', 'not joined'],
  ])('%s', ([, apartMs, first, last, broken, suspected]) => {
    const judged = judge({ first, last, apartMs, inProgressMs: 660_000 });

    expect(judged.broken.map(({ detail }) => detail).join()).toBe(broken);
    expect(judged.suspected.map(({ detail }) => detail).join()).toBe(suspected);
  });

  it('is broken at once when nothing is on its way', () => {
    const judged = judge({ first: [unjoined], last: [unjoined], apartMs: 0, inProgressMs: 0 });

    expect(judged).toEqual({ broken: [unjoined], suspected: [] });
  });
});
