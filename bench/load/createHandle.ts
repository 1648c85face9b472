import { createConsumerParts } from '../../functions/createConsumers.ts';
import type { IncomingEvent } from '../../shared/domain/event.ts';
import { parsePushBody } from '../../shared/messaging/pushBody.ts';
import { toIncomingEvent } from '../../shared/messaging/toIncomingEvent.ts';
import type { Store } from '../../shared/store/store.ts';
import { createLog } from '../../shared/telemetry/log.ts';
import { SUBSCRIPTIONS } from '../../shared/topology.ts';
import { type EventKind, KIND_SPECS, pushBodyOf } from './eventKinds.ts';

/** Events were published at this time, so that repeating them changes nothing. */
const PUBLISHED_AT_MS = Date.UTC(2026, 10, 28);
/** The event of a kind, decoded, as a handler gets it; with the kind's usual body, or with another one. */
export const eventOf = (kind: EventKind, orderId: number, body?: string): IncomingEvent => {
  const spec = SUBSCRIPTIONS.find(({ name }) => name === KIND_SPECS[kind].subscription);
  if (spec === undefined) throw new Error(`the topology has no ${KIND_SPECS[kind].subscription}`);
  return toIncomingEvent(
    parsePushBody('POST', Buffer.from(pushBodyOf(kind, orderId, PUBLISHED_AT_MS, body))),
    spec,
  );
};

/** The handlers of the product on a store, without Pub/Sub and without a log. */
export const createHandle = (store: Store) => {
  const parts = createConsumerParts({
    store,
    publisher: { publish: async () => '1' },
    clock: () => PUBLISHED_AT_MS,
    log: createLog('bench', 'error', { write: () => {} }),
  });
  return (kind: EventKind, event: IncomingEvent) => parts[KIND_SPECS[kind].consumer].handle(event);
};
