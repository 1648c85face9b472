import { describe, expect, it } from 'vitest';
import { createCassandraStore } from '../../../shared/store/cassandraStore.ts';
import { order, payment } from '../../../proof/referenceMessages.ts';

const STAMP = { eventId: '0'.repeat(32), publishedAtMs: 0 };

/** A store whose every statement is answered with the same. */
const storeAnsweredWith = (result: object) => {
  const answer = async () => result;
  const connection = { execute: answer, batch: answer };
  return createCassandraStore({
    connect: async () => connection as never,
    close: async () => {},
  });
};

describe('a write to Cassandra', () => {
  it('is done when it is answered with nothing', async () => {
    const store = storeAnsweredWith({ rows: undefined });

    await store.recordOrder(order(), STAMP);
    await store.recordPayment(payment(), STAMP);
  });

  it('is not done when it is answered with rows, which belong to another statement', async () => {
    const store = storeAnsweredWith({ rows: [] });

    await expect(store.recordOrder(order(), STAMP)).rejects.toThrow('a write was answered with 0 rows');
    await expect(store.recordPayment(payment(), STAMP)).rejects.toThrow('a write was answered with 0 rows');
  });
});
