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

    it('refuses a subscription that does not exist', async () => {
      const subscription = emulator.subscriptionName('nowhere');

      expect(await emulator.codeOf('Seek', { subscription, ...secondsFromNow(0) })).toBe(CODE.NOT_FOUND);
    });
  });
};
