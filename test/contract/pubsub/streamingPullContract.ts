import { describe, expect, it } from 'vitest';
import { until } from '../../../proof/until.ts';
import { CODE, type Emulator, type Stream } from './emulator.ts';

const texts = (stream: Stream): string[] => stream.received().map(({ message }) => message.data.toString());

export const describeStreamingPull = (emulator: Emulator): void => {
  describe('StreamingPull', () => {
    it('delivers earlier and later messages, and tells the kind of the subscription', async () => {
      const { publish, openStream } = await emulator.route();
      await publish('before');

      const stream = openStream();
      await until('the first', () => stream.received().length === 1);
      await publish('after');

      await until('both', () => stream.received().length === 2);
      expect(texts(stream)).toEqual(['before', 'after']);
      expect(stream.responses()[0]?.subscriptionProperties).toEqual({
        exactlyOnceDeliveryEnabled: false,
        messageOrderingEnabled: false,
      });
      stream.cancel();
    });

    it('accepts acks that come as separate Acknowledge calls', async () => {
      const { publish, openStream, ack, untilPulled } = await emulator.route();
      await publish('acked');
      const stream = openStream();
      const acked = await until('the message', () => stream.received()[0]);

      await ack(acked.ackId);
      stream.cancel();
      await until('the end', () => stream.code() !== undefined);
      await publish('next');

      expect((await untilPulled()).message.data.toString()).toBe('next');
    });

    it('takes acks and deadlines on the stream', async () => {
      const { publish, openStream } = await emulator.route();
      await publish('acked');
      await publish('nacked');
      const stream = openStream();
      await until('both', () => stream.received().length === 2);
      const idOf = (wanted: string): string =>
        stream.received().find(({ message }) => message.data.toString() === wanted)?.ackId ?? '';

      stream.write({
        ackIds: [idOf('acked')],
        modifyDeadlineAckIds: [idOf('nacked')],
        modifyDeadlineSeconds: [0],
      });

      await until('the nacked one again', () => stream.received().length === 3);
      expect(texts(stream).filter((text) => text === 'nacked')).toHaveLength(2);
      stream.cancel();
    });

    it('sends no more than maxOutstandingMessages until some are acked', async () => {
      const { publish, openStream, ack, pull } = await emulator.route();
      await Promise.all(['1', '2', '3', '4', '5'].map((one) => publish(one)));
      const stream = openStream({ maxOutstandingMessages: 2 });
      if (emulator.differs('streamFlowControl')) {
        await until('all of them', () => stream.received().length === 5);
        return;
      }
      await until('two', () => stream.received().length === 2);

      const others = await until('the other three by pull', async () => {
        const pulled = await pull(10);
        return pulled.length > 0 ? pulled : undefined;
      });
      expect(stream.received()).toHaveLength(2);
      await ack(...others.map(({ ackId }) => ackId));
      await publish('6');
      await ack(stream.received()[0]?.ackId ?? '');

      await until('another one', () => stream.received().length > 2);
      stream.cancel();
    });

    it('sends no more than maxOutstandingBytes until some are acked', async () => {
      const { publish, openStream, ack } = await emulator.route();
      await publish('x'.repeat(1_000));
      await publish('y'.repeat(1_000));
      const stream = openStream({ maxOutstandingBytes: 1_000 });
      const first = await until('the first', () => stream.received()[0]);

      if (emulator.differs('streamFlowControl')) {
        await until('all of them', () => stream.received().length === 2);
        return;
      }
      await publish('z');
      expect(stream.received()).toHaveLength(1);
      await ack(first.ackId);

      await until('the next', () => stream.received().length > 1);
      stream.cancel();
    });

    it.for<[string, object]>([
      ['a first request without an ack deadline', { streamAckDeadlineSeconds: 0 }],
      ['an ack deadline that is too short', { streamAckDeadlineSeconds: 9 }],
      ['an ack deadline that is too long', { streamAckDeadlineSeconds: 601 }],
      ['deadlines without their ack ids', { modifyDeadlineSeconds: [10] }],
    ])('refuses %s', async ([, first]) => {
      const { openStream } = await emulator.route();

      const stream = openStream(first);

      expect(await until('the end', () => stream.code())).toBe(CODE.INVALID_ARGUMENT);
    });

    it('refuses a subscription that does not exist', async () => {
      const { openStream } = await emulator.route();

      const stream = openStream({ subscription: emulator.subscriptionName('nowhere') });

      expect(await until('the end', () => stream.code())).toBe(CODE.NOT_FOUND);
    });

    it('refuses a later request that names a subscription', async () => {
      const { openStream, subscription, publish } = await emulator.route();
      const stream = openStream();
      await publish('x');
      await until('the stream to run', () => stream.received().length === 1);

      stream.write({ subscription: emulator.subscriptionName(subscription) });

      expect(await until('the end', () => stream.code())).toBe(CODE.INVALID_ARGUMENT);
    });

    it('ends when the client half-closes it, and its messages come again at their deadline', async () => {
      const { openStream, publish, untilPulled, modifyAckDeadline } = await emulator.route();
      await publish('x');
      const stream = openStream();
      const first = await until('the message', () => stream.received()[0]);

      stream.end();

      await until('the end', () => stream.code() !== undefined);
      expect(stream.code()).toBe(CODE.OK);
      await modifyAckDeadline([first.ackId], 1);
      expect((await untilPulled()).message.messageId).toBe(first.message.messageId);
    });

    it('answers an empty request, which keeps the stream alive', async () => {
      const { openStream, publish } = await emulator.route();
      const stream = openStream({ protocolVersion: 1 });
      await publish('x');
      await until('the message', () => stream.received().length === 1);
      const before = stream.responses().length;

      stream.write({});
      await publish('y');
      await until('the next message', () => stream.received().length === 2);

      const answers = stream.responses().length - before - 1;
      expect(answers).toBe(emulator.differs('streamKeepAlive') ? 0 : 1);
      stream.cancel();
    });

    it('shares a backlog among streams', async () => {
      const { openStream, publish } = await emulator.route();
      const streams = [openStream(), openStream()];
      await Promise.all(Array.from({ length: 200 }, (_, index) => publish(`message ${index}`)));

      const all = () => streams.flatMap(texts);
      await until('all of them', () => new Set(all()).size === 200);
      expect(all()).toHaveLength(200);
      for (const stream of streams) stream.cancel();
    });

    it('is closed when its subscription is deleted', async () => {
      const { openStream, publish, subscription } = await emulator.route();
      const stream = openStream();
      await publish('x');
      await until('the stream to run', () => stream.received().length === 1);

      await emulator.client().subscription(subscription).delete();

      expect(await until('the end', () => stream.code())).toBe(CODE.NOT_FOUND);
    });
  });
};
