import { describe, expect, it } from 'vitest';
import type { StreamRow } from '../../../../console/contract.ts';
import { mergeRows } from '../../../../console/page/frame/mergeRows.ts';

const row = (key: string, note = ''): StreamRow => ({
  key,
  eventId: key,
  topic: 'orders_data',
  publishedAtMs: 0,
  orderId: null,
  paymentId: null,
  outcome: 'stored',
  findings: [],
  attempts: { failed: 0, isAcked: true },
  tookMs: 1,
  againAtMs: null,
  note,
});
const rows = (...keys: readonly string[]) => keys.map((key) => row(key));
const keysOf = (all: readonly StreamRow[]) => all.map(({ key }) => key).join(' ');

describe('rows of a frame', () => {
  it('come on top, the newest first', () => {
    expect(keysOf(mergeRows(rows('b', 'a'), rows('c', 'd')))).toBe('d c b a');
  });

  it('take the place of the row that they change, so that nothing moves', () => {
    const merged = mergeRows(rows('c', 'b', 'a'), [row('b', 'acked'), row('d')]);

    expect(keysOf(merged)).toBe('d c b a');
    expect(merged[2]?.note).toBe('acked');
  });

  it('are one row where they name it twice, and say what came last', () => {
    expect(mergeRows([], [row('a', 'first'), row('a', 'last')])).toEqual([row('a', 'last')]);
  });

  it('push the oldest out when there are 200', () => {
    const many = Array.from({ length: 200 }, (_, index) => row(`old${index}`));

    const merged = mergeRows(many, rows('new'));

    expect([merged.length, merged[0]?.key, merged.at(-1)?.key]).toEqual([200, 'new', 'old198']);
  });

  it('leave the list as it is when there are none, so that nothing is drawn again', () => {
    const same = rows('a');

    expect(mergeRows(same, [])).toBe(same);
  });
});
