import { expect, it } from 'vitest';
import { createHolds } from '../../../../local/pubsub/server/holds.ts';
import { createQueue } from '../../../../local/pubsub/server/queue.ts';
import { newMessage, subscriptionSettings } from '../../../support/pubsub/testBroker.ts';

/** What all subscriptions together may owe. */
const MESSAGES = 1_000_000;
/** Ten times what it takes on two busy cores. A queue that looks at what it has given away takes a minute. */
const TIMEOUT_MS = 20_000;

it(
  'gives a message away in the same time however many wait',
  () => {
    const settings = subscriptionSettings('subscription', 'topic');
    const queue = createQueue({
      settings: () => settings,
      forward: () => true,
      holds: createHolds(),
      onReady: () => {},
      onExpired: () => {},
      onForwarded: () => {},
    });
    const message = { ...newMessage('x'), messageId: '1', nth: 1, publishedAtMs: Date.now() };
    for (let added = 0; added < MESSAGES; added += 1) queue.add({ message, bytes: 1, failures: added });

    const endsAtMs = performance.now() + TIMEOUT_MS;
    let taken = 0;
    while (queue.count() > 0 && performance.now() < endsAtMs) {
      // As a push does.
      const [owed] = queue.take({ messagesMax: 1, bytesMax: 0, isFirstExempt: true });
      if (owed?.failures === taken) taken += 1;
    }

    expect(taken).toBe(MESSAGES);
  },
  2 * TIMEOUT_MS,
);
