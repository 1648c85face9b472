import { placeOf } from './cassandra/cells.ts';
import type { Replica } from './cassandra/replica.ts';
import { tableNamed } from './cassandra/statements.ts';
import { deadLetterHolders } from './deadLetterHolders.ts';
import { type EntryText, saysTheSame, textOfMessage, textOfRow } from './entryText.ts';
import {
  FACTS,
  isCovered,
  lastWords,
  LEDGER,
  type Message,
  type OrderStory,
  QUORUM,
  type Story,
} from './oracle.ts';
import { pairsOf } from './pairsOf.ts';
import { paymentsIn, rowOfPair } from './watchRow.ts';
import type { Checks, Delivery } from './world.ts';

/** What is known of one schedule so far. */
export interface Watch {
  readonly story: Story;
  readonly replicas: readonly Replica[];
  readonly violated: Checks['violated'];
  readonly acked: Set<Message>;
}

/** I2 and I3: what an ack stands for. */
export const checkAck = (watch: Watch, delivery: Delivery): void => {
  const { story, replicas, violated, acked } = watch;
  const { queued, consumer, told } = delivery;
  const { message, reports } = queued;
  const { said, label } = message;
  const lost = (what: string): void =>
    violated('I2', `${consumer} acked ${label}, and a quorum does not show ${what}`);
  const isRecorded = (reason: string): boolean =>
    deadLetterHolders(replicas, message, reason, queued.attributes) >= QUORUM;
  if (reports.length > 0) {
    for (const reason of reports) if (!isRecorded(reason)) lost(`its dead letter (${reason})`);
    return;
  }
  if (said.kind === 'invalid') {
    if (!told.includes('invalid') && !isRecorded('invalid')) lost('its dead letter');
    return;
  }
  acked.add(message);
  const order = story.orders.get(said.orderId);
  if (order === undefined) return;
  if (!isInLedger(watch, message, order)) lost('its entry');
  checkShown(watch, order);
};

/** I2: at least as many entries say the same as there are acked messages that do. */
const isInLedger = ({ replicas, acked }: Watch, message: Message, order: OrderStory): boolean => {
  const text = textOfMessage(message);
  if (text === undefined) return false;
  const covered = isCovered(message, order);
  const alike = [...order.versions, ...order.payments].filter(
    (other) => acked.has(other) && isAlike(textOfMessage(other), text),
  );
  const holders = new Map<string, number>();
  for (const replica of replicas) {
    for (const { row, cells } of replica.read(LEDGER, String(order.orderId))) {
      if (!saysTheSame(textOfRow(cells), text, covered)) continue;
      holders.set(row, (holders.get(row) ?? 0) + 1);
    }
  }
  return [...holders.values()].filter((count) => count >= QUORUM).length >= alike.length;
};

const isAlike = (other: EntryText | undefined, text: EntryText): boolean =>
  other !== undefined && saysTheSame(other, text, false);

const PAYMENT_ID = placeOf(tableNamed(FACTS), 'payment_id');

/**
 * I3: from the later ack of an order and a payment for it on, every quorum read of the row shows a payment of
 * that order. Once all its messages are acked, it is one that succeeded, if one did.
 */
const checkShown = ({ replicas, violated, acked }: Watch, order: OrderStory): void => {
  const { orderId, versions, payments } = order;
  const isAcked = (message: Message): boolean => acked.has(message);
  if (!versions.some(isAcked) || !payments.some(isAcked)) return;
  const isComplete = versions.every(isAcked) && payments.every(isAcked);
  const paid = isComplete
    ? lastWords(order)
        .flat()
        .filter(({ said }) => said.means === 'succeeded')
    : [];
  for (const [a, b] of pairsOf(replicas)) {
    const cells = rowOfPair(a, b, orderId);
    const paymentId = cells?.[PAYMENT_ID]?.value;
    if (cells === undefined || !payments.some(({ said }) => said.paymentId === paymentId)) {
      violated('I3', `order ${orderId} and a payment for it are acked, and a quorum shows none`);
    } else if (paid.length > 0 && !paymentsIn(cells, order).some((one) => paid.includes(one as never))) {
      violated('I3', `a payment of order ${orderId} succeeded, all is acked, and a quorum does not show it`);
    }
  }
};
