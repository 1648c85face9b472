import { describe, expect, it } from 'vitest';
import { createMalformed } from '../../../functions/simulate/createMalformed.ts';
import { PermanentError } from '../../../shared/errors.ts';
import { parseOrder, parsePayment } from '../../../shared/messaging/parseMessage.ts';
import { maskBody } from '../../../shared/masking/maskBody.ts';

/** Two rounds of every kind, with the longest numbers that a run can have. */
const messages = Array.from({ length: 36 }, (_, index) =>
  createMalformed({ seed: 4_294_967_295, index: 99_000 + index, orderId: 4_294_967_296_100_000 }),
);

describe('malformed messages', () => {
  it('are refused by the parser of their topic, each for a reason of its own', () => {
    const reasons = messages.map(({ topic, data }) => {
      try {
        (topic === 'orders_data' ? parseOrder : parsePayment)(data);
      } catch (error) {
        if (error instanceof PermanentError) return `${topic} ${error.message}`;
        throw error;
      }
      return `${topic} accepted`;
    });

    expect(reasons.filter((reason) => reason.endsWith('accepted'))).toEqual([]);
    expect(new Set(reasons).size).toBe(messages.length / 2);
  });

  it('are all different', () => {
    expect(new Set(messages.map(({ data }) => Buffer.from(data).toString('hex'))).size).toBe(messages.length);
  });

  it('hold nothing that a redaction would change (I8), whatever the run and the order', () => {
    for (let index = 0; index < 20_000; index += 1) {
      const seed = (index * 214_748) % 2 ** 32;
      const { data } = createMalformed({ seed, index, orderId: (seed + 1) * 1_000_000 + index });

      expect(maskBody(data).isRedacted).toBe(false);
    }
  });
});
