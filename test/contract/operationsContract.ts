import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DeadLetter, deadLetterKeyOf } from '../../shared/domain/deadLetter.ts';
import type { HeadColumn, Operation, OperationsStore } from '../../shared/store/operationsStore.ts';
import type { DeadLetterPlace } from '../../shared/domain/deadLetterPlace.ts';
import type { Store } from '../../shared/store/store.ts';
import { PUBLISHED_AT_MS, stamp } from '../support/messages/domain.ts';
import { deadLetterAction, deadLetterOf } from '../support/messages/records.ts';

const DAY = new Date(PUBLISHED_AT_MS).toISOString().slice(0, 10);
const DAY_MS = 86_400_000;

const placeOf = (letter: DeadLetter): DeadLetterPlace => ({
  ...deadLetterKeyOf(letter),
  reason: letter.reason,
});

/** Ids whose shards differ: the shard comes from digits 9 to 16. */
const idOf = (number: number): string => `${number.toString(16).padStart(16, '0')}${'0'.repeat(16)}`;

/** One suite for every store that operators use. */
export const describeOperationsContract = (
  name: string,
  open: () => Promise<Pick<Store, 'recordDeadLetter'> & OperationsStore>,
): void => {
  describe(`the operations contract, on ${name}`, () => {
    let store: Awaited<ReturnType<typeof open>>;
    beforeAll(async () => {
      store = await open();
    });
    afterAll(() => store.close());

    it('reads a day shard by shard, and goes on behind any of its dead letters', async () => {
      const letters = [3, 900, 1_023, 3 + 1_024, 64].map((number) =>
        deadLetterOf(number, { id: idOf(number), toldBy: idOf(number) }),
      );
      await Promise.all(letters.map((letter) => store.recordDeadLetter(letter)));
      await store.recordDeadLetter(deadLetterOf(5, { sinceMs: PUBLISHED_AT_MS - DAY_MS, id: idOf(5) }));
      const read = async (after?: DeadLetterPlace) =>
        (await Array.fromAsync(store.scanDay(DAY, after))).flat().map(({ shard, id }) => [shard, id]);
      const sorted = [3, 3 + 1_024, 64, 900, 1_023].map((number) => [number % 1_024, idOf(number)]);

      expect(await read()).toEqual(sorted);
      for (const letter of letters) {
        const index = sorted.findIndex(([, id]) => id === letter.id);
        expect(await read(placeOf(letter))).toEqual(sorted.slice(index + 1));
      }
    });

    it('reads all dead letters in pages, as the scan by rows finds them', async () => {
      await store.recordDeadLetter(deadLetterOf(77, { sinceMs: PUBLISHED_AT_MS - 3 * DAY_MS, id: idOf(77) }));

      const pages = await Array.fromAsync(store.scanDeadLetterPages());

      expect(pages.flat()).toEqual(await Array.fromAsync(store.scanDeadLetters()));
      expect(pages.flat().map(({ id }) => id)).toContain(idOf(77));
    });

    it('reads the heads of a day: their keys and times, and only the columns that were asked for', async () => {
      const letters = [2_001, 2_002, 2_900].map((number) =>
        deadLetterOf(number, { sinceMs: PUBLISHED_AT_MS + 2 * DAY_MS, reason: 'invalid', error: 'a fault' }),
      );
      await Promise.all(letters.map((letter) => store.recordDeadLetter(letter)));
      const day = new Date(PUBLISHED_AT_MS + 2 * DAY_MS).toISOString().slice(0, 10);
      const heads = async (...columns: readonly HeadColumn[]) =>
        (await Array.fromAsync(store.scanHeads(day, columns))).flat().toSorted((a, b) => a.shard - b.shard);
      const none = { originTopic: undefined, orderId: undefined, paymentId: undefined, error: undefined };
      const expected = letters
        .map((letter) => ({ ...placeOf(letter), publishedAtMs: letter.publishedAtMs, ...none }))
        .toSorted((a, b) => a.shard - b.shard);

      expect(await heads()).toEqual(expected);
      expect(await heads('error', 'order_id', 'origin_topic', 'payment_id')).toEqual(
        expected.map((head) => {
          const letter = letters.find(({ id }) => id === head.id);
          const { originTopic, orderId, paymentId, error } = letter ?? head;
          return { ...head, originTopic, orderId, paymentId, error };
        }),
      );
    });

    it('finds the places of an order, in every month, without those that its ledger gives', async () => {
      const orderId = 2n ** 63n - 1n;
      const letters: readonly [DeadLetter, DeadLetter, DeadLetter, DeadLetter] = [
        deadLetterOf(100, { orderId, reason: 'invalid' }),
        deadLetterOf(101, { orderId, reason: 'conflict', id: 'c'.repeat(32) }),
        deadLetterOf(102, { orderId, reason: 'rivals', id: 'd'.repeat(32), sinceMs: Date.UTC(2014, 5) }),
        deadLetterOf(103, {
          orderId,
          reason: 'changed',
          id: 'e'.repeat(32),
          sinceMs: Date.UTC(2026, 11, 31),
        }),
      ];
      for (const letter of [...letters, ...letters]) await store.recordDeadLetter(letter);
      await store.recordDeadLetter(deadLetterOf(104, { orderId }));
      await store.recordDeadLetter(deadLetterOf(105, { orderId: undefined, reason: 'invalid' }));
      await store.recordDeadLetter(deadLetterOf(106, { orderId: 7n, reason: 'invalid' }));

      const placesIn = async (sinceMs: number, untilMs: number): Promise<DeadLetterPlace[]> =>
        (await Array.fromAsync(store.scanPlacesOfOrder(orderId, { sinceMs, untilMs }))).flat();

      const places = await placesIn(0, Date.UTC(2027, 0));
      expect(await placesIn(Date.UTC(2026, 11), Date.UTC(2027, 0))).toEqual([placeOf(letters[3])]);

      const byId = (a: DeadLetterPlace, b: DeadLetterPlace): number => (a.id < b.id ? -1 : 1);
      expect(places.toSorted(byId)).toEqual(letters.map(placeOf).toSorted(byId));
    });

    it('keeps every action, oldest first, once', async () => {
      const key = deadLetterKeyOf(deadLetterOf(200));
      const first = deadLetterAction();
      const second = deadLetterAction({
        kind: 'discarded',
        actedAtMs: first.actedAtMs + 1,
        redrives: undefined,
        detail: '',
        because: '',
      });
      const byAnother = deadLetterAction({
        operationId: 'op-2',
        reason: 'conflict',
        actedAtMs: first.actedAtMs + 2,
      });
      for (const action of [second, first, byAnother]) await store.recordAction(key, action);

      expect(await store.findActions(key)).toEqual([first, second, byAnother]);
      expect(await store.findActions(deadLetterKeyOf(deadLetterOf(201)))).toEqual([]);
    });

    it('erases a payload, and a copy that is recorded later stays without it', async () => {
      const letter = deadLetterOf(300, { payload: Buffer.from('{"a":1}'), payloadBytes: 7 });
      await store.recordDeadLetter(letter);

      await store.erasePayload(placeOf(letter), letter.publishedAtMs);
      await store.recordDeadLetter(letter);

      expect(await store.findPayload(placeOf(letter), letter.reason)).toHaveLength(0);
      expect(await store.findDeadLetters(placeOf(letter))).toMatchObject([
        { id: letter.id, error: letter.error, payloadBytes: 0 },
      ]);
    });

    it('erases nothing that a later event tells', async () => {
      const finding = deadLetterOf(310, { reason: 'conflict', id: 'f'.repeat(32) });
      const later = { ...finding, toldBy: stamp(311).eventId, publishedAtMs: finding.publishedAtMs + 1 };
      await store.recordDeadLetter(finding);

      await store.erasePayload(placeOf(finding), finding.publishedAtMs);
      await store.recordDeadLetter(later);

      expect(await store.findPayload(placeOf(finding), 'conflict')).toHaveLength(2);
    });

    it('keeps an operation while it runs, and as it ended', async () => {
      const running: Operation = {
        operationId: 'op-1',
        startedAtMs: PUBLISHED_AT_MS,
        action: 'dlq redrive',
        operator: 'ann',
        filter: 'reason invalid',
        because: '',
        endedAtMs: undefined,
        result: undefined,
      };
      const ended = { ...running, endedAtMs: PUBLISHED_AT_MS + 5, result: '3 messages sent' };
      const later = { ...running, operationId: 'op-2', startedAtMs: PUBLISHED_AT_MS + 1 };
      await store.recordOperation(running);
      await store.recordOperation(later);

      expect(await store.findOperations(DAY)).toEqual([running, later]);
      await store.recordOperation(ended);
      expect(await store.findOperations(DAY)).toEqual([ended, later]);
      expect(await store.findOperations('2024-01-20')).toEqual([]);
    });

    it('has a clock, that of the store', async () => {
      // Here the store is on this machine.
      expect(Math.abs((await store.clockMs()) - Date.now())).toBeLessThan(60_000);
    });
  });
};
