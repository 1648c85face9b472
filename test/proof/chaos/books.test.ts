import { describe, expect, it } from 'vitest';
import type { PublishedMessage } from '../../../local/pubsub/server/message.ts';
import { createBooks } from '../../../proof/chaos/books.ts';
import { orderBytes } from '../../../proof/referenceMessages.ts';
import { type Delivery } from '../../../local/pubsub/server/message.ts';

const ORDERS = 'projects/p/subscriptions/orders_data-sub';
const DEAD_LETTERS = 'projects/p/subscriptions/dlq_orders_data-sub';

const message = (messageId: string, publishedAtMs = 0, body = orderBytes().toString()): PublishedMessage => ({
  messageId,
  nth: 1,
  publishedAtMs,
  data: Buffer.from(body),
  attributes: {},
  orderingKey: '',
});
const delivery = (of: PublishedMessage, ackId = `ack of ${of.messageId}`): Delivery => ({
  ackId,
  message: of,
  bytes: 14,
  attempt: 1,
});

const setUp = () => {
  let nowMs = 0;
  const books = createBooks(() => nowMs);
  const { witness } = books;
  return {
    books,
    witness,
    at: (ms: number) => {
      nowMs = ms;
    },
    deliver: (subscription: string, of: PublishedMessage, how: 'acked' | 'nacked') => {
      witness.leased(subscription, delivery(of));
      witness[how](subscription, delivery(of), 0);
    },
  };
};

describe('the books', () => {
  it('count a message once, but wait for an ack of every copy', () => {
    const { books, witness, deliver } = setUp();
    const twice = message('1');

    witness.enqueued(ORDERS, twice, 2);
    deliver(ORDERS, twice, 'acked');
    expect([books.accepted(), books.owed()]).toEqual([1, 1]);
    deliver(ORDERS, twice, 'nacked');
    deliver(ORDERS, twice, 'acked');

    expect([books.accepted(), books.owed(), books.acked(), books.nacked()]).toEqual([1, 0, 2, 1]);
    expect(books.backlog()).toBe(0);
  });

  it('wait for an ack of a dead letter too, but do not count it as accepted', () => {
    const { books, witness } = setUp();

    witness.enqueued(DEAD_LETTERS, message('1'), 1);

    expect([books.accepted(), books.events().length, books.owed()]).toEqual([0, 0, 1]);
  });

  it('take equal bytes in one millisecond for one event, and in two milliseconds for two', () => {
    const { books, witness } = setUp();

    for (const [id, ms] of [
      ['1', 5],
      ['2', 5],
      ['3', 6],
    ] as const)
      witness.enqueued(ORDERS, message(id, ms), 1);

    expect([books.accepted(), books.events().length]).toEqual([3, 2]);
  });

  it('no longer owe a message that was forwarded', () => {
    const { books, witness } = setUp();
    witness.enqueued(ORDERS, message('1'), 1);

    witness.enqueued(DEAD_LETTERS, message('2'), 1);
    witness.forwarded(ORDERS, message('1'));

    expect([books.forwarded(), books.owed()]).toEqual([1, 1]);
  });

  it('throw at an ack of a message that is not owed', () => {
    const { deliver } = setUp();

    expect(() => deliver(ORDERS, message('1'), 'acked')).toThrow('acked more often than it was there');
  });

  it('report no ack of a malformed message without a quorum, because it needs none', () => {
    const { books, witness, at, deliver } = setUp();
    const malformed = message('1', 0, '{"order_id":1');
    witness.enqueued(ORDERS, malformed, 1);

    books.setQuorum(false);
    at(2_000);
    deliver(ORDERS, malformed, 'acked');

    expect(books.acksWithoutQuorum()).toEqual([]);
  });

  it('report an ack without a quorum only if the delivery began without one', () => {
    const { books, witness, at, deliver } = setUp();
    const [before, within, retried, after] = ['1', '2', '3', '4'].map((id) => message(id));
    if (!before || !within || !retried || !after) throw new Error('four messages');
    for (const each of [before, within, retried, after]) witness.enqueued(ORDERS, each, 1);

    witness.leased(ORDERS, delivery(before));
    at(1_000);
    books.setQuorum(false);
    at(2_000);
    witness.acked(ORDERS, delivery(before));
    deliver(ORDERS, within, 'acked');
    deliver(ORDERS, retried, 'nacked');
    books.setQuorum(true);
    deliver(ORDERS, after, 'acked');

    expect(books.acksWithoutQuorum().map(({ messageId }) => messageId)).toEqual(['2']);
    expect([books.begunWithoutQuorum(), books.nacksWithoutQuorum()]).toEqual([2, 1]);
  });
});
