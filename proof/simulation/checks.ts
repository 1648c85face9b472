import type { DeadLetterReason } from '../../shared/domain/event.ts';
import { ATTRIBUTE, FORWARDED_ATTRIBUTE } from '../../shared/messaging/deadLetterAttributes.ts';
import { placeOf } from './cassandra/cells.ts';
import { tableNamed } from './cassandra/statements.ts';
import { isDurable } from './isDurable.ts';
import { type CarrierClaims, deadLetterRow, type ExpectedEvent, FACTS } from './oracle.ts';
import type { InvariantName, Violation } from './violation.ts';
import type { Checks, Cluster, Delivery, QueuedMessage } from './world.ts';

/** What was acked of one order so far. */
interface OrderHistory {
  isOrderAcked: boolean;
  /** Payment events that a function keeps in the ledger, and acked. */
  readonly kept: ExpectedEvent[];
  /** The time from which on the order must show a payment, by the id of each payment kept by then. */
  readonly shownAtMs: Map<bigint, number>;
}

/** The place of the cell with the id of the payment that a fact shows. */
const PAYMENT_ID = placeOf(tableNamed(FACTS), 'payment_id');

export const createChecks = (clusterOf: () => Cluster): Checks => {
  const violations: Violation[] = [];
  const explained = new Set<string>();
  const required = new Set<string>();
  const histories = new Map<bigint, OrderHistory>();
  const violated = (invariant: InvariantName, detail: string): void => {
    violations.push({ invariant, detail });
  };

  const historyOf = (orderId: bigint): OrderHistory => {
    let history = histories.get(orderId);
    if (history === undefined) {
      history = { isOrderAcked: false, kept: [], shownAtMs: new Map() };
      histories.set(orderId, history);
    }
    return history;
  };

  /**
   * I3: from the ack of the later of the two on, every quorum read of the fact sees the payment, or a newer
   * one.
   */
  const checkJoined = (orderId: bigint, history: OrderHistory, nowMs: number): void => {
    if (!history.isOrderAcked) return;
    const newest = newestOf(history.kept);
    if (newest === undefined) return;
    const { shown } = newest.rows;
    // Two payments with equal write times may mix their columns. The ack promises the id of the payment only.
    if (shown !== undefined && !isDurable(clusterOf(), shown, PAYMENT_ID)) {
      violated('I3', `order ${orderId} and ${newest.label} were both acked and are not joined`);
    }
    for (const { content } of history.kept) {
      if (content.kind !== 'payment' || history.shownAtMs.has(content.paymentId)) continue;
      history.shownAtMs.set(content.paymentId, nowMs);
    }
  };

  return {
    violations,
    violated,
    explained,
    required,
    onDeadLetterTaken: (delivery, { attributes, event, data }) => {
      const reason = attributes[ATTRIBUTE.reason] as DeadLetterReason;
      delivery.deadLetters.push(reason);
      required.add(`${event.eventId}/${reason}`);
      const { originMessageId, redriveCount } = claimsOf(delivery.message);
      const isSame =
        attributes[ATTRIBUTE.eventId] === event.eventId &&
        attributes[ATTRIBUTE.originMessageId] === originMessageId &&
        attributes[ATTRIBUTE.redriveCount] === String(redriveCount) &&
        attributes[ATTRIBUTE.originPublishTime] === new Date(event.publishedAtMs).toISOString() &&
        Buffer.compare(data, event.body) === 0;
      if (!isSame) violated('I4', `the dead letter of ${event.label} names another event`);
    },
    onAccepted: ({ event, topic, attributes }) => {
      if (!topic.startsWith('dlq_')) return;
      for (const reason of reasonsOf(event, attributes)) explained.add(`${event.eventId}/${reason}`);
    },
    onAnswer: (delivery, { status }) => {
      const { message, consumer, sawFault, deadLetters, world } = delivery;
      const { event } = message;
      if (status !== 204) {
        if (!sawFault)
          violated(
            'I7',
            `${consumer} answered ${status} to ${event.label}, though none of its calls had failed`,
          );
        return;
      }
      checkDurable(delivery, clusterOf(), violated);
      const { content } = event;
      if (content.kind === 'invalid') return;
      const history = historyOf(content.orderId);
      const nowMs = world.scheduler.nowMs();
      if (content.kind === 'order') history.isOrderAcked = true;
      else if (!deadLetters.includes('unmatched')) {
        checkReported(delivery, history, violated);
        history.kept.push(event);
      }
      checkJoined(content.orderId, history, nowMs);
    },
  };
};

/** I2: the rows of the acked event must be durable, or Pub/Sub must have taken its dead letter. */
const checkDurable = (delivery: Delivery, cluster: Cluster, violated: Checks['violated']): void => {
  const { consumer, deadLetters, message } = delivery;
  const { event } = message;
  const lost = (what: string) =>
    violated('I2', `${consumer} acked ${event.label} before ${what} was durable`);
  if (deadLetters.includes('unmatched') || deadLetters.includes('invalid')) return;
  const { order, ledger, shown } = event.rows;
  if (order !== undefined && !isDurable(cluster, order)) lost('the order');
  if (ledger !== undefined && !isDurable(cluster, ledger)) lost('the payment');
  if (consumer !== 'onDlq') {
    if (shown !== undefined && !isDurable(cluster, shown)) lost('the payment on its order');
    if (event.content.kind === 'invalid') lost('a dead letter');
  } else if (event.content.kind !== 'order') {
    const reasons = reasonsOf(event, message.attributes);
    const claims = claimsOf(message);
    if (!reasons.every((reason) => isDurable(cluster, deadLetterRow(event, reason, claims))))
      lost('its dead letter');
  }
};

/** I6: a payment that arrives when the order shows another payment is reported. */
const checkReported = (
  { consumer, deadLetters, startedAtMs, message }: Delivery,
  history: OrderHistory,
  violated: Checks['violated'],
): void => {
  const { content, label } = message.event;
  if (consumer !== 'onPayment' || content.kind !== 'payment' || deadLetters.includes('conflict')) return;
  const other = [...history.shownAtMs].find(([id, atMs]) => id !== content.paymentId && atMs < startedAtMs);
  if (other !== undefined)
    violated('I6', `${label} was not reported, though the order showed payment ${other[0]}`);
};

/** A message without these attributes is the first message of its event. */
const claimsOf = ({ attributes, id }: QueuedMessage): CarrierClaims => ({
  originMessageId: attributes[ATTRIBUTE.originMessageId] ?? id,
  redriveCount: Number(attributes[ATTRIBUTE.redriveCount] ?? 0),
});

const newestOf = (events: readonly ExpectedEvent[]): ExpectedEvent | undefined => {
  let newest: ExpectedEvent | undefined;
  for (const event of events) if (newest === undefined || event.writeTime > newest.writeTime) newest = event;
  return newest;
};

/** The reasons of the rows that a message on a dead-letter topic may leave. */
const reasonsOf = (
  { content }: ExpectedEvent,
  attributes: Readonly<Record<string, string>>,
): readonly DeadLetterReason[] => {
  if (content.kind === 'invalid') return ['invalid'];
  if (content.kind === 'order') return [];
  if (attributes[FORWARDED_ATTRIBUTE.subscription] !== undefined) return ['unmatched'];
  if (attributes[ATTRIBUTE.reason] !== 'conflict') return ['unmatched'];
  return ['conflict', 'unmatched'];
};
