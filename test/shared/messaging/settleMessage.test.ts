import { expect, it, vi } from 'vitest';
import { createSettleMessage, type Handler } from '../../../shared/messaging/settleMessage.ts';
import type { PushedMessage } from '../../../shared/messaging/pushBody.ts';
import { SUBSCRIPTIONS } from '../../../shared/topology.ts';
import { createRecordingLog } from '../../support/functions/recordingLog.ts';

const [spec] = SUBSCRIPTIONS;
if (spec === undefined) throw new Error('the topology has no subscription');

/** A message that breaks our code before a handler sees it. No test of a whole delivery can make one. */
const brokenMessage: PushedMessage = {
  subscription: 'projects/p/subscriptions/orders_data-sub',
  messageId: '7',
  publishTimeMs: 0,
  data: Buffer.from('{}'),
  deliveryAttempt: undefined,
  get attributes(): Record<string, string> {
    throw new TypeError('the attributes were read twice');
  },
};

it('delivers a message again that our code does not understand, and says so', async () => {
  const { log, lines } = createRecordingLog();
  const handle = vi.fn<Handler>();
  const settleMessage = createSettleMessage({ handle, tell: async () => {}, log });

  const verdict = await settleMessage(brokenMessage, spec, { startedAt: performance.now() });

  expect(verdict).toBe('retry');
  expect(handle).not.toHaveBeenCalled();
  expect(lines()).toMatchObject([{ severity: 'ERROR', message: 'message not understood' }]);
});
