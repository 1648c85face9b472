import { describe, expect, it } from 'vitest';
import { answerChunks } from '../../../functions/simulate/answerChunks.ts';
import { requestOf } from './readMessages.ts';

const answerTo = (unpaid: Iterable<number>): string[] => [
  ...answerChunks({
    runId: 'run',
    request: requestOf({ preset: 'shop', seed: 7 }),
    result: {
      published: { order: 3, payment: 2, malformed: 1 },
      failed: 4,
      failures: ['a "quoted" failure'],
      durationMs: 1234.56,
    },
    expected: {
      matched: () => [{ order_id: 4_294_967_296_100_000, payment_id: 4_294_967_296_600_000 }],
      parked: () => [],
      unpaid: () => unpaid,
      conflicts: () => [1, 2],
      changed: () => [3],
      rivals: () => [4],
      shows: () => [{ order_id: 4, quantity: 3, customer_id: null }],
      invalid: () => ['00ff'],
    },
  }),
];

describe('the answer', () => {
  it('holds the run, what was published and what is expected, ids to the last digit', () => {
    expect(answerTo([5]).join('')).toBe(
      '{"runId":"run","preset":"shop","scenario":null,"seed":7,' +
        '"published":{"orders":3,"payments":2,"malformed":1,"messages":6,"failed":4},' +
        '"failures":["a \\"quoted\\" failure"],"seconds":1.235,"expected":{' +
        '"matched":[{"order_id":4294967296100000,"payment_id":4294967296600000}],"parked":[],' +
        '"unpaid":[5],"conflicts":[1,2],"changed":[3],"rivals":[4],' +
        '"shows":[{"order_id":4,"quantity":3,"customer_id":null}],"invalid":["00ff"]}}',
    );
  });

  it.each([0, 1, 2, 999, 1000, 1001, 2000, 2001])('lists %i elements without losing one', (count) => {
    const ids = Array.from({ length: count }, (_, index) => index);

    const answer: unknown = JSON.parse(answerTo(ids).join(''));

    expect(answer).toMatchObject({ expected: { unpaid: ids } });
  });

  it('comes in pieces of bounded size', () => {
    const pieces = answerTo(Array.from({ length: 50_000 }, (_, index) => index));

    expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThan(10_000);
  });
});
