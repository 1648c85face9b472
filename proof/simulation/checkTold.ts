import type { StoredRow } from './cassandra/replica.ts';
import { isCarriedBy, isDeadLetterOf, isPayloadErased, valueIn } from './isDeadLetterOf.ts';
import { changedIds, hasRivals, type OrderStory, paidIds, type Story } from './oracle.ts';
import { sentencesOf } from './sentencesOf.ts';
import type { Checks } from './world.ts';

/** I6: what people must be told, they are told, and telling it again adds nothing. */
export const checkTold = (rows: readonly StoredRow[], story: Story, violated: Checks['violated']): void => {
  for (const order of story.orders.values()) checkOrder(rows, order, violated);
  checkOnce(rows, story, violated);
};

const checkOrder = (rows: readonly StoredRow[], order: OrderStory, violated: Checks['violated']): void => {
  const { orderId, versions, payments } = order;
  const about = rows.filter((row) => valueIn(row, 'order_id') === orderId);
  const told = new Set(about.map((row) => valueIn(row, 'reason')));
  const named = (reason: string): readonly ReadonlySet<bigint>[] =>
    about
      .filter((row) => valueIn(row, 'reason') === reason)
      .flatMap((row) => sentencesOf(row).map((sentence) => new Set(sentence?.paymentIds)));
  const { surely, maybe } = paidIds(order);
  const changed = changedIds(order);
  const must = { conflict: surely.size > 1, changed: changed.size > 0, rivals: hasRivals(order) };
  for (const [reason, isTrue] of Object.entries(must)) {
    if (isTrue && !told.has(reason)) violated('I6', `nobody was told of order ${orderId}: ${reason}`);
  }
  const isPaidBy = (ids: ReadonlySet<bigint>): boolean => surely.isSubsetOf(ids) && ids.isSubsetOf(maybe);
  if (must.conflict && !named('conflict').some(isPaidBy)) {
    violated('I6', `nobody was told that order ${orderId} is paid by ${[...surely].join(', ')}`);
  }
  for (const id of changed) {
    if (named('changed').some((ids) => ids.has(id))) continue;
    violated('I6', `nobody was told that payment ${id} of order ${orderId} changed`);
  }
  if (versions.length > 0) return;
  for (const payment of payments) {
    const isTold = about.some((row) => isDeadLetterOf(row, payment, 'unmatched'));
    if (!isTold) violated('I6', `nobody was told that ${payment.label} waits`);
  }
};

/** One dead letter for each message that waits or is invalid, and one for each finding. */
const checkOnce = (rows: readonly StoredRow[], story: Story, violated: Checks['violated']): void => {
  const seen = new Set<string>();
  for (const row of rows) {
    const reason = String(valueIn(row, 'reason'));
    // The sentence about rivals names how many they are, and that grows.
    if (reason === 'rivals') continue;
    const isFinding = reason === 'conflict' || reason === 'changed';
    const error = String(valueIn(row, 'error'));
    const message = story.messages.findIndex((one) => isCarriedBy(row, one));
    // Of two messages that differ in erased bytes only, the id tells which one it is.
    const ofMessage = isPayloadErased(row) ? String(valueIn(row, 'event_id')) : String(message);
    const subject = isFinding ? `${String(valueIn(row, 'order_id'))} ${error}` : ofMessage;
    const key = `${reason} ${subject}`;
    if (seen.has(key)) violated('I6', `there are two dead letters of one thing: ${reason}, ${error}`);
    seen.add(key);
  }
};
