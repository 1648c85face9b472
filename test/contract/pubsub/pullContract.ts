import { describe, expect, it } from 'vitest';
import { until } from '../../../proof/until.ts';
import { CODE, type Emulator } from './emulator.ts';
import { deadLetterPolicy } from './pushContract.ts';

const text = (received: { message: { data: Buffer } }): string => received.message.data.toString();

export const describePull = (emulator: Emulator): void => {
  describe('pull', () => {
    it('delivers what was published, with an id of digits and the time of its publish', async () => {
      const before = Date.now();
      const { publish, untilPulled } = await emulator.route();

      const messageId = await publish('x', { colour: 'red' });

      const { message, ackId, deliveryAttempt } = await untilPulled();
      expect(message).toMatchObject({ messageId, attributes: { colour: 'red' }, orderingKey: '' });
      expect(message.data.toString()).toBe('x');
      expect(messageId).toMatch(/^\d+$/);
      expect(ackId).not.toBe('');
      expect(deliveryAttempt).toBe(0);
      const publishedAtMs = Number(message.publishTime.seconds) * 1_000 + message.publishTime.nanos / 1e6;
      expect(publishedAtMs).toBeGreaterThanOrEqual(before - 1);
      expect(publishedAtMs).toBeLessThanOrEqual(Date.now() + 1);
    });

    it('gives growing ids', async () => {
      const { publish } = await emulator.route();

      const [first, second] = [await publish('a'), await publish('b')];

      expect(BigInt(second)).toBeGreaterThan(BigInt(first));
    });

    it('does not deliver again what was acked', async () => {
      const { publish, untilPulled, ack, modifyAckDeadline } = await emulator.route();
      await publish('acked');
      const acked = await untilPulled();
      await publish('kept');

      await ack(acked.ackId);

      const kept = await untilPulled();
      await modifyAckDeadline([kept.ackId], 0);
      expect(text(kept)).toBe('kept');
      expect(text(await untilPulled())).toBe('kept');
    });

    it('delivers a nacked message again, under another ack id', async () => {
      const { publish, untilPulled, modifyAckDeadline } = await emulator.route();
      await publish('x');
      const first = await untilPulled();

      await modifyAckDeadline([first.ackId], 0);

      const second = await untilPulled();
      expect(second.message.messageId).toBe(first.message.messageId);
      expect(second.ackId).not.toBe(first.ackId);
    });

    it('delivers again when the ack deadline is over, and a late ack does not ack the new delivery', async () => {
      const { publish, untilPulled, pull, ack, modifyAckDeadline } = await emulator.route();
      await publish('x');
      const first = await untilPulled();
      await modifyAckDeadline([first.ackId], 1);
      const second = await untilPulled();

      await ack(first.ackId);
      await modifyAckDeadline([second.ackId], 0);

      const third = await untilPulled();
      expect(third.message.messageId).toBe(first.message.messageId);
      await ack(third.ackId);
      expect(await pull()).toEqual([]);
    });

    it('does not deliver again while a delivery is extended', async () => {
      const { publish, untilPulled, pull, ack, modifyAckDeadline } = await emulator.route();
      await publish('extended');
      await publish('expires');
      const [extended] = [await untilPulled()];
      const expires = await untilPulled();
      await modifyAckDeadline([expires.ackId], 2);
      await modifyAckDeadline([extended.ackId], 1);
      await modifyAckDeadline([extended.ackId], 30);

      const again = await untilPulled();

      expect(again.message.messageId).toBe(expires.message.messageId);
      expect(await pull()).toEqual([]);
      await ack(extended.ackId);
    });

    it('counts attempts by nacks and expired deadlines, not by extensions', async () => {
      const dead = await emulator.route();
      const policy = deadLetterPolicy(dead.topic, 10);
      const { publish, untilPulled, modifyAckDeadline } = await emulator.route({ deadLetterPolicy: policy });
      await publish('x');

      const first = await untilPulled();
      await modifyAckDeadline([first.ackId], 0);
      const second = await untilPulled();
      await modifyAckDeadline([second.ackId], 30);
      await modifyAckDeadline([second.ackId], 1);
      const third = await untilPulled();

      expect([first, second, third].map(({ deliveryAttempt }) => deliveryAttempt)).toEqual([1, 2, 3]);
    });

    it('counts attempts and acks for each subscription alone', async () => {
      const one = await emulator.route();
      const other = await emulator.route({}, one.topic);
      await one.publish('x');
      const first = await one.untilPulled();
      await one.ack(first.ackId);

      // An ack id belongs to one subscription. Pub/Sub does not promise whether another one refuses it.
      await other.ack(first.ackId).catch(() => {});

      const theirs = await other.untilPulled();
      await other.modifyAckDeadline([theirs.ackId], 0);
      expect((await other.untilPulled()).message.messageId).toBe(first.message.messageId);
    });

    it('answers OK when an ack id’s delivery is over', async () => {
      const { publish, untilPulled, ack, subscription } = await emulator.route();
      await publish('x');
      const { ackId } = await untilPulled();
      await ack(ackId);
      const request = { subscription: emulator.subscriptionName(subscription), ackIds: [ackId] };

      expect(await emulator.codeOf('Acknowledge', request)).toBe(CODE.OK);
      expect(await emulator.codeOf('ModifyAckDeadline', { ...request, ackDeadlineSeconds: 30 })).toBe(
        CODE.OK,
      );
    });

    it('returns no more messages than the client asks for', async () => {
      const { publish, pull } = await emulator.route();
      await Promise.all(Array.from({ length: 5 }, (_, index) => publish(`message ${index}`)));

      const received: number[] = [];
      await until('all of them', async () => {
        received.push((await pull(2)).length);
        return received.reduce((sum, count) => sum + count, 0) === 5;
      });

      expect(Math.max(...received)).toBeLessThanOrEqual(2);
    });

    it('waits for a message when there is none', async () => {
      const { publish, subscription } = await emulator.route();
      const request = { subscription: emulator.subscriptionName(subscription), maxMessages: 1 };
      const waiting = emulator.call('Pull', request);

      await publish('x');

      expect((await waiting).receivedMessages).toHaveLength(1);
    });

    it('does not deliver what was published before the subscription was there', async () => {
      const { topic, publish } = await emulator.route();
      await publish('before');
      const late = await emulator.route({}, topic);

      await publish('after');

      expect(text(await late.untilPulled())).toBe('after');
    });

    it('refuses to pull 0 messages', async () => {
      const { subscription } = await emulator.route();
      const request = { subscription: emulator.subscriptionName(subscription), maxMessages: 0 };

      expect(await emulator.codeOf('Pull', request)).toBe(CODE.INVALID_ARGUMENT);
    });

    it.for([-1, 601])('refuses to modify an ack deadline to %i s', async (ackDeadlineSeconds) => {
      const { publish, untilPulled, subscription } = await emulator.route();
      await publish('x');
      const { ackId } = await untilPulled();
      const request = { subscription: emulator.subscriptionName(subscription), ackIds: [ackId] };

      const isAccepted = ackDeadlineSeconds > 600 && emulator.differs('ackDeadline');
      expect(await emulator.codeOf('ModifyAckDeadline', { ...request, ackDeadlineSeconds })).toBe(
        isAccepted ? CODE.OK : CODE.INVALID_ARGUMENT,
      );
    });

    it('waits between nacks as the retry policy says', async () => {
      const { publish, untilPulled, modifyAckDeadline } = await emulator.route({
        retryPolicy: { minimumBackoff: { seconds: 1 }, maximumBackoff: { seconds: 4 } },
      });
      await publish('x');
      const gapsMs: number[] = [];
      let { ackId } = await untilPulled();

      for (let nacks = 0; nacks < 2; nacks += 1) {
        const nackedAt = performance.now();
        await modifyAckDeadline([ackId], 0);
        ({ ackId } = await untilPulled());
        gapsMs.push(performance.now() - nackedAt);
      }

      // Only lower bounds: the jitter takes up to a fifth away, and a busy machine may be late.
      const [first = 0, second = 0] = gapsMs;
      const isAtOnce = emulator.differs('pullRetryPolicy');
      expect(first > 750).toBe(!isAtOnce);
      expect(isAtOnce || second > 1_500).toBe(true);
    });
  });
};
