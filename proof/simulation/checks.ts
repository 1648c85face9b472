import type { DeadLetterReason } from '../../shared/domain/event.ts';
import { ATTRIBUTE, FORWARDED_ATTRIBUTE } from '../../shared/messaging/deadLetterAttributes.ts';
import { placeOf } from './cassandra/cells.ts';
import { tableNamed } from './cassandra/statements.ts';
import { isDurable } from './isDurable.ts';
import { type CarrierClaims, deadLetterRow, type ExpectedEvent, FACTS } from './oracle.ts';
import type { InvariantName, Violation } from './violation.ts';
import type { Checks, Cluster, Delivery, QueuedMessage } from './world.ts';

/** What was seen of one order on the way. */
interface OrderHistory {
  isOrderAcked: boolean;
  /** Payment events that were acked by whoever keeps them. */
  readonly kept: ExpectedEvent[];
  /** When each payment id was first shown, as far as an ack promises it. */
  readonly shownAtMs: Map<bigint, number>;
}

/** Where a fact has the id of the payment that it shows. */
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

  /** I2: what the ack stands for must be durable, or its dead letter taken. */
  const checkDurable = (delivery: Delivery): void => {
    const { consumer, deadLetters, message } = delivery;
    const { event } = message;
    const cluster = clusterOf();
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

  /** I3: from the second ack on, whoever reads the fact sees the payment, or a newer one. */
  const checkJoined = (orderId: bigint, history: OrderHistory, nowMs: number): void => {
    if (!history.isOrderAcked) return;
    const newest = newestOf(history.kept);
    if (newest === undefined) return;
    const { shown } = newest.rows;
    // Another column may hold a value of an equal write time; that the payment stands at all is what an ack promises.
    if (shown !== undefined && !isDurable(clusterOf(), shown, PAYMENT_ID)) {
      violated('I3', `order ${orderId} and ${newest.label} were both acked and are not joined`);
    }
    for (const { content } of history.kept) {
      if (content.kind !== 'payment' || history.shownAtMs.has(content.paymentId)) continue;
      history.shownAtMs.set(content.paymentId, nowMs);
    }
  };

  /** I6: a payment that comes after another one was shown is reported. */
  const checkReported = (
    { consumer, deadLetters, startedAtMs, message }: Delivery,
    history: OrderHistory,
  ): void => {
    const { content, label } = message.event;
    if (consumer !== 'onPayment' || content.kind !== 'payment' || deadLetters.includes('conflict')) return;
    const other = [...history.shownAtMs].find(([id, atMs]) => id !== content.paymentId && atMs < startedAtMs);
    if (other !== undefined)
      violated('I6', `${label} was not reported, though the order showed payment ${other[0]}`);
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
      if (!isSame) violated('I4', `the dead letter of ${event.label} is another event`);
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
          violated('I7', `${consumer} answered ${status} to ${event.label} though nothing failed it`);
        return;
      }
      checkDurable(delivery);
      const { content } = event;
      if (content.kind === 'invalid') return;
      const history = historyOf(content.orderId);
      const nowMs = world.scheduler.nowMs();
      if (content.kind === 'order') history.isOrderAcked = true;
      else if (!deadLetters.includes('unmatched')) {
        checkReported(delivery, history);
        history.kept.push(event);
      }
      checkJoined(content.orderId, history, nowMs);
    },
  };
};

/** A message that claims nothing is its event's first one. */
const claimsOf = ({ attributes, id }: QueuedMessage): CarrierClaims => ({
  originMessageId: attributes[ATTRIBUTE.originMessageId] ?? id,
  redriveCount: Number(attributes[ATTRIBUTE.redriveCount] ?? 0),
});

const newestOf = (events: readonly ExpectedEvent[]): ExpectedEvent | undefined => {
  let newest: ExpectedEvent | undefined;
  for (const event of events) if (newest === undefined || event.writeTime > newest.writeTime) newest = event;
  return newest;
};

/** The rows that a message on a dead-letter topic may leave. */
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
