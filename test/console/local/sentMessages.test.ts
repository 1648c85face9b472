import { describe, expect, it } from 'vitest';
import { createSentMessages } from '../../../console/local/sentMessages.ts';
import { TransientError } from '../../../shared/errors.ts';
import { IN_PROGRESS_MAX_MS } from '../../../shared/topology.ts';
import { orderBody, paymentBody } from '../../support/messages/bodies.ts';
import { feedOf, messageDetail } from '../../support/console/seenMessages.ts';

const start = (feed = feedOf(), fails = false, clock = () => 1_000) => {
  const published: string[] = [];
  const sent = createSentMessages({
    publisher: {
      publish: async (topic, { data }) => {
        if (fails) throw new TransientError('publish to orders_data was not confirmed');
        published.push(`${topic} ${Buffer.from(data).toString()}`);
        return `m${published.length}`;
      },
    },
    feed,
    clock,
  });
  return { sent, published };
};
const order = (changes = {}) => JSON.stringify(orderBody(1, changes));

describe('a message from the form', () => {
  it('is published as its text says, 64 bits and all, and what became of it is told', async () => {
    const { sent, published } = start(
      feedOf(messageDetail('m2', { key: 'event', outcome: 'stored', findings: ['conflict'], tookMs: 24 })),
    );
    const body = order().replace('"order_id":1', '"order_id":9007199254740993');

    await sent.send({ kind: 'order', body, asItIs: false });
    await sent.send({ kind: 'payment', body: JSON.stringify(paymentBody(1)), asItIs: false });

    expect(published).toEqual([`orders_data ${body}`, `payments_data ${JSON.stringify(paymentBody(1))}`]);
    const [payment, first] = sent.list();
    expect(first).toEqual({
      messageId: 'm1',
      kind: 'order',
      orderId: '9007199254740993',
      paymentId: null,
      atMs: 1_000,
      outcome: 'on its way',
      findings: [],
      tookMs: null,
      key: null,
      isForgotten: false,
    });
    expect(payment).toMatchObject({ orderId: '1', paymentId: '1001' });
  });

  it('shows the outcome that its stream has, under the key of its row', async () => {
    const seen = messageDetail('m1', { outcome: 'stored', findings: ['conflict'], tookMs: 24 });
    const { sent } = start(feedOf(seen));

    await sent.send({ kind: 'order', body: order(), asItIs: false });

    expect(sent.list()[0]).toMatchObject({
      outcome: 'stored',
      findings: ['conflict'],
      tookMs: 24,
      key: 'm1',
    });
  });

  it('keeps what became of it when the stream has forgotten it', async () => {
    let seen = [messageDetail('m1', { outcome: 'stored', tookMs: 24 })];
    const { sent } = start({ ...feedOf(), messageOf: () => seen[0] });
    await sent.send({ kind: 'order', body: order(), asItIs: false });
    const before = sent.list();

    seen = [];

    expect(before[0]).toMatchObject({ outcome: 'stored', tookMs: 24 });
    expect(sent.list()).toEqual(before);
  });

  it('is not on its way for ever, when the stream has forgotten it before it was settled', async () => {
    let seen = [messageDetail('m1', { outcome: 'on its way', tookMs: null })];
    const { sent } = start({ ...feedOf(), messageOf: () => seen[0] });
    await sent.send({ kind: 'order', body: order(), asItIs: false });
    const before = sent.list()[0]?.isForgotten;

    seen = [];

    expect([before, sent.list()[0]?.isForgotten]).toEqual([false, true]);
  });

  it('that nobody has ever seen is waited for as long as Pub/Sub may deliver it', async () => {
    let nowMs = 1_000;
    const { sent } = start(feedOf(), false, () => nowMs);
    await sent.send({ kind: 'order', body: order(), asItIs: false });

    nowMs += IN_PROGRESS_MAX_MS;
    const before = sent.list()[0]?.isForgotten;
    nowMs += 1;

    expect([before, sent.list()[0]?.isForgotten]).toEqual([false, true]);
  });

  it('is not published when the schema refuses it, and is when it is wanted as it is', async () => {
    const { sent, published } = start();
    const body = order({ quantity: 0, price: '4111 1111 1111 1111,00' });

    const problems = await sent.send({ kind: 'order', body, asItIs: false });
    const none = [...published];
    await sent.send({ kind: 'order', body, asItIs: true });

    expect(problems).toEqual([
      expect.stringMatching(/^quantity: expected a whole number from 1 to .*, got 0$/),
      expect.stringMatching(/^price: expected a finite number, .*, got a string of 22 characters$/),
    ]);
    expect(none).toEqual([]);
    expect(published).toEqual([`orders_data ${body}`]);
  });

  it('that Pub/Sub does not confirm is not listed', async () => {
    const { sent } = start(feedOf(), true);

    await expect(sent.send({ kind: 'order', body: order(), asItIs: false })).rejects.toThrow(
      'was not confirmed, so it may have been sent: look with "npx tally order 1"',
    );
    expect(sent.list()).toEqual([]);
  });

  it('is forgotten after twenty others', async () => {
    const { sent } = start();

    for (let count = 0; count < 25; count += 1)
      await sent.send({ kind: 'order', body: order(), asItIs: false });

    expect(sent.list().map(({ messageId }) => messageId)).toEqual(
      Array.from({ length: 20 }, (_, index) => `m${25 - index}`),
    );
  });
});
