import { describe, expect, it } from 'vitest';
import type { StoryItem, ToldLetter } from '../../../console/contract.ts';
import { STORY_ENTRIES_MAX, tellStory } from '../../../console/orders/tellStory.ts';
import type { LedgerEntry } from '../../../shared/domain/ledgerEntry.ts';
import { attempt } from '../../support/console/seenMessages.ts';
import { PUBLISHED_AT_MS, stamp } from '../../support/messages/domain.ts';
import { decisionEntry, orderEntry, paymentEntry } from '../../support/messages/entries.ts';

const storyOf = (
  entries: readonly LedgerEntry[],
  more: Partial<Parameters<typeof tellStory>[0]> = {},
): ReturnType<typeof tellStory> =>
  tellStory({ orderId: 1n, entries, letters: [], attemptsOf: () => undefined, ...more });

const changesOf = (...entries: readonly LedgerEntry[]): readonly string[] =>
  storyOf(entries).items.map(({ changed }) => changed);

const letter = (changes: Partial<ToldLetter> = {}): ToldLetter => ({
  id: stamp(1).eventId,
  place: '',
  reason: 'unmatched',
  error: 'payment 1001 waits for order 1',
  isOpen: true,
  publishedAtMs: PUBLISHED_AT_MS + 1,
  recordedAtMs: PUBLISHED_AT_MS + 50,
  toldBy: stamp(1).eventId,
  topic: 'dlq_payments_data',
  ...changes,
});

const named = (items: readonly StoryItem[]): readonly string[] =>
  items.map(({ title, says }) => `${title}, ${says}`);

describe('the story of an order', () => {
  it('says what an early payment, its order and its next status change', () => {
    const changes = changesOf(
      paymentEntry(1, { paymentStatus: 'Pending' }),
      orderEntry(2),
      paymentEntry(3, { paymentStatus: 'Completed' }),
    );

    expect(changes).toEqual([
      'Entry 1. No order yet, so no row.',
      'Entry 2. The row appears, with payment 1001: pending.',
      'Entry 3. payment_status becomes Completed: paid.',
    ]);
  });

  it.each<[string, LedgerEntry, string]>([
    [
      'a newer version of the order',
      orderEntry(3, { orderStatus: 'Delivered' }),
      'Entry 3, newer: the order’s columns are this version, whole; new: order_status.',
    ],
    ['the same version again', orderEntry(3), 'Entry 3, with the same contents. The row stays.'],
    [
      'an older version',
      orderEntry(3, { item: 'Phone' }, { atMs: PUBLISHED_AT_MS - 5_000 }),
      'Entry 3, not newer than the version in the row. The row stays.',
    ],
    [
      'a declined payment',
      paymentEntry(3, { paymentId: 7n, paymentStatus: 'Failed' }),
      'Entry 3, kept beside 1001. The row stays: a failed payment never hides a paid one.',
    ],
    [
      'a second payment',
      paymentEntry(3, { paymentId: 7n }),
      'Entry 3. The row shows payment 7: paid, and not 1001.',
    ],
    [
      'an older second payment',
      paymentEntry(3, { paymentId: 7n }, { atMs: PUBLISHED_AT_MS - 5_000 }),
      'Entry 3, kept beside 1001. The row stays: 1001 is newer.',
    ],
    ['the same payment', paymentEntry(3), 'Entry 3, the same payment, published again. The row stays.'],
    [
      'what was said before about the payment',
      paymentEntry(3, { paymentStatus: 'Pending' }, { atMs: PUBLISHED_AT_MS - 5_000 }),
      'Entry 3, older than what the row says of 1001. The row stays.',
    ],
    ['another card', paymentEntry(3, { cardLastFour: '0002' }), 'Entry 3. Its other columns change: paid.'],
    [
      'an erasure',
      decisionEntry(3),
      'Who bought it, where it goes and the digits of the card are blank in all that came before.',
    ],
    [
      'a decision',
      decisionEntry(3, { decision: 'resolved', ref: 'abcdef0123' }),
      'The finding abcdef01 is not open any more.',
    ],
  ])('says what %s changes in a row with its payment', (_what, entry, said) => {
    expect(changesOf(orderEntry(1), paymentEntry(2), entry).at(-1)).toBe(said);
  });

  it('names the columns that an event changed, and what was in them before', () => {
    const { items, before } = storyOf([orderEntry(1), orderEntry(2, { orderStatus: 'Delivered' })]);

    expect(items[1]?.columns).toEqual([{ name: 'order_status', was: 'Shipped', is: 'Delivered' }]);
    expect([...before]).toEqual([['order_status', 'Shipped']]);
  });

  it('lists a dead letter behind the event that told it, by the time it was recorded', () => {
    const late = orderEntry(2, {}, { publishedAtMs: PUBLISHED_AT_MS + 5_000 });

    const { items } = storyOf([paymentEntry(1), late], { letters: [letter({ isOpen: false })] });

    expect(named(items)).toEqual([
      'payment 1001, succeeded',
      'dead letter unmatched, not open any more',
      'order, Laptop × 2, 457.0966360351904, Shipped',
    ]);
    expect(items[0]?.told).toEqual(['unmatched']);
  });

  it('asks for a person only where a finding was told', () => {
    const conflict = letter({ reason: 'conflict', toldBy: stamp(2).eventId });

    const { items } = storyOf([orderEntry(1), paymentEntry(2)], { letters: [conflict] });

    expect(items.map(({ state }) => state)).toEqual(['ok', 'attn', 'attn']);
  });

  it('lists a redelivery, which changes nothing', () => {
    const attempts = [
      attempt({ settlement: 'retry', status: 503 }),
      attempt({
        settlement: 'ack lost',
        startedAtMs: PUBLISHED_AT_MS + 100,
        endedAtMs: PUBLISHED_AT_MS + 118,
      }),
      attempt({ startedAtMs: PUBLISHED_AT_MS + 200 }),
    ];

    const { items } = storyOf([orderEntry(1)], { attemptsOf: () => attempts });

    expect(items.map(({ title, how, changed }) => [title, how, changed])).toEqual([
      ['order', 'attempt 2, after one 503, 204 after 18 ms, its ack was lost', 'Entry 1. The row appears.'],
      ['the same order, received again', 'attempt 3', 'Nothing. The entry was there.'],
    ]);
  });

  it('tells the newest events of an order that has very many, and numbers them as they are', () => {
    const entries = Array.from({ length: STORY_ENTRIES_MAX + 2 }, (_, index) => orderEntry(index + 1));

    const { items, leftOut } = storyOf(entries);

    expect([items.length, leftOut]).toEqual([STORY_ENTRIES_MAX, 2]);
    expect(items[0]?.changed).toBe('Entry 3, with the same contents. The row stays.');
  });
});
