import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MessageAnswer, Refusal } from '../../../../console/contract.ts';
import { messageRoutes } from '../../../../console/server/routes/messageRoutes.ts';
import { deadLetterKeyOf } from '../../../../shared/domain/deadLetter.ts';
import { TransientError } from '../../../../shared/errors.ts';
import { createMemoryStore } from '../../../../shared/store/memoryStore.ts';
import { acceptAll } from '../../../support/audit/acceptAll.ts';
import { callRoute } from '../../../support/console/callRoute.ts';
import { feedOf, messageDetail } from '../../../support/console/seenMessages.ts';
import { PUBLISHED_AT_MS, stamp } from '../../../support/messages/domain.ts';
import { decisionEntry, orderEntry, paymentEntry } from '../../../support/messages/entries.ts';
import { deadLetterOf } from '../../../support/messages/records.ts';

const [PAYMENT, ORDER, POISON] = [stamp(1).eventId, stamp(2).eventId, stamp(3).eventId];
const payload = { text: 'a person', bytes: 8, isCut: false, isMasked: false };
const seen = feedOf(
  messageDetail(PAYMENT, { payload, publishedAtMs: stamp(1).publishedAtMs }),
  messageDetail(POISON, {
    payload,
    publishedAtMs: stamp(3).publishedAtMs,
    orderId: null,
    paymentId: null,
    outcome: 'invalid',
  }),
);
const forgotten: string[] = [];
const feed = { ...seen, forgetPayload: (key: string) => void forgotten.push(key) };

describe('the route of a message', () => {
  const store = createMemoryStore();
  const call = (path: string, changes: Partial<typeof store> = {}) => {
    const clock = (): number => PUBLISHED_AT_MS + 60_000;
    const deps = { store: { ...store, ...changes }, clock, feed, local: undefined };
    return callRoute(messageRoutes(deps), 'GET', path);
  };
  const read = async (path: string): Promise<MessageAnswer> => {
    const { status, value } = await call(path);
    expect(status).toBe(200);
    return value as MessageAnswer;
  };

  beforeAll(async () => {
    await acceptAll(store, paymentEntry(1), orderEntry(2));
    const invalid = { reason: 'invalid', error: 'price: expected a number', orderId: undefined } as const;
    await store.recordDeadLetter(deadLetterOf(3, { ...invalid, paymentId: undefined }));
  });
  afterAll(() => store.close());

  it('joins what the feed saw with the ledger, the row and what was told', async () => {
    const value = await read(`/api/messages/${PAYMENT}`);

    expect(value).toMatchObject({ message: { messageId: '17' }, order: { state: 'paid' }, problem: null });
    expect(value.told.map(({ reason }) => reason)).toEqual(['unmatched']);
  });

  it('finds the dead letter of a message that names no order', async () => {
    const value = await read(`/api/messages/${POISON}`);

    expect(value.order).toBeNull();
    expect(value.told).toMatchObject([
      { reason: 'invalid', isOpen: true, error: 'price: expected a number' },
    ]);
  });

  it('tells from the ledger what the feed does not know any more, when the order is named', async () => {
    const { message, order } = await read(`/api/messages/${ORDER}?order=1`);

    expect([message, order?.orderId]).toEqual([null, '1']);
  });

  it.each([
    ['that nobody knows', '99'],
    ['of an order that does not have it', '99?order=1'],
    ['of an order with an id that is none', '99?order=x'],
  ])('answers 404 for a message %s', async (_what, path) => {
    const { status, value } = await call(`/api/messages/${path}`);

    expect([status, (value as Refusal).error]).toEqual([
      404,
      'message 99 is not known here: it came too long ago, or nobody saw it; look for its order',
    ]);
  });

  it.each([
    ['its order', PAYMENT, (): Promise<void> => acceptAll(store, decisionEntry(4))],
    [
      'its dead letter',
      POISON,
      async (): Promise<void> => {
        const [row] = await store.findDeadLetters(deadLetterKeyOf(deadLetterOf(3)));
        if (row !== undefined) await store.erasePayload(row, PUBLISHED_AT_MS + 60_000);
      },
    ],
  ])('shows no payload any more once %s was erased, and has it forgotten', async (_what, key, erase) => {
    const path = `/api/messages/${key}`;
    expect(await read(path)).toMatchObject({ message: { payload: { text: 'a person' } }, isErased: false });

    await erase();

    expect(await read(path)).toMatchObject({ message: { payload: null, attributes: null }, isErased: true });
    expect(forgotten.at(-1)).toBe(key);
  });

  it('shows what the feed saw while Cassandra does not answer', async () => {
    const away = () => Promise.reject(new TransientError('no host answered'));

    const { status, value } = await call(`/api/messages/${PAYMENT}`, {
      findOrderRecord: away,
    });

    expect(status).toBe(200);
    expect(value).toMatchObject({
      message: { messageId: '17' },
      order: null,
      told: [],
      problem: 'no host answered',
    });
  });
});
