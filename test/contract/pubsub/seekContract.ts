import { describe, expect, it } from 'vitest';
import { CODE, type Emulator } from './emulator.ts';

const secondsFromNow = (seconds: number) => ({
  time: { seconds: String(Math.floor(Date.now() / 1_000) + seconds), nanos: 0 },
});

export const describeSeek = (emulator: Emulator): void => {
  describe('seek', () => {
    it('to a time after all messages empties the subscription, and later messages come', async () => {
      const { publish, untilPulled, pull, ack, subscription, modifyAckDeadline } = await emulator.route();
      await publish('delivered');
      const delivered = await untilPulled();
      await publish('waits');

      await emulator.call('Seek', {
        subscription: emulator.subscriptionName(subscription),
        ...secondsFromNow(60),
      });

      await modifyAckDeadline([delivered.ackId], 0);
      expect(await pull()).toEqual([]);
      await emulator.call('Seek', {
        subscription: emulator.subscriptionName(subscription),
        ...secondsFromNow(-60),
      });
      await publish('later');
      const later = await untilPulled();
      await ack(later.ackId);
      expect(later.message.data.toString()).toBe('later');
    });

    it('to a time before all messages forgets none', async () => {
      const { publish, untilPulled, subscription } = await emulator.route();
      await publish('kept');

      await emulator.call('Seek', {
        subscription: emulator.subscriptionName(subscription),
        ...secondsFromNow(-60),
      });

      expect((await untilPulled()).message.data.toString()).toBe('kept');
    });

    const topicOf = async (name: string, settings: object = {}): Promise<string> => {
      await emulator.call('CreateTopic', { name: emulator.topicName(name), ...settings });
      return name;
    };
    const retention = { messageRetentionDuration: { seconds: '86400', nanos: 0 } };
    const seek = (subscription: string, seconds: number) =>
      emulator.call('Seek', {
        subscription: emulator.subscriptionName(subscription),
        ...secondsFromNow(seconds),
      });

    it.for([
      ['a topic that retains messages', 'keeps-all', retention, {}],
      ['a subscription that retains acked ones', 'keeps-none', {}, { retainAckedMessages: true }],
    ] as const)('brings back what was acked, of %s', async ([, name, topic, subscription]) => {
      const route = await emulator.route(subscription, await topicOf(name, topic));
      await route.publish('again');
      await route.ack((await route.untilPulled()).ackId);
      expect(await route.pull()).toEqual([]);

      await seek(route.subscription, -60);

      const again = await route.untilPulled();
      expect(again.message.data.toString()).toBe('again');
      await route.ack(again.ackId);
      expect(await route.pull()).toEqual([]);
    });

    it('brings back nothing where nobody retains it', async () => {
      const route = await emulator.route();
      await route.publish('once');
      await route.ack((await route.untilPulled()).ackId);

      await seek(route.subscription, -60);

      expect(await route.pull()).toEqual([]);
    });

    it('does not deliver twice what is not acked', async () => {
      const route = await emulator.route({}, await topicOf('unacked', retention));
      await route.publish('waits');

      await seek(route.subscription, -60);

      await route.ack((await route.untilPulled()).ackId);
      expect(await route.pull()).toEqual([]);
    });

    it('brings back what a seek had forgotten, and not what is older than its time', async () => {
      const route = await emulator.route({}, await topicOf('forgotten', retention));
      await route.publish('forgotten');
      await seek(route.subscription, 60);
      expect(await route.pull()).toEqual([]);

      await seek(route.subscription, -60);

      await route.ack((await route.untilPulled()).ackId);
      await seek(route.subscription, 60);
      expect(await route.pull()).toEqual([]);
    });

    it('gives a new subscription what its topic had before', async () => {
      const topic = await topicOf('before', retention);
      const first = await emulator.route({}, topic);
      await first.publish('earlier');
      const later = await emulator.route({}, topic);

      await seek(later.subscription, -60);

      expect((await later.untilPulled()).message.data.toString()).toBe('earlier');
    });

    it('refuses a subscription that does not exist', async () => {
      const subscription = emulator.subscriptionName('nowhere');

      expect(await emulator.codeOf('Seek', { subscription, ...secondsFromNow(0) })).toBe(CODE.NOT_FOUND);
    });
  });
};
