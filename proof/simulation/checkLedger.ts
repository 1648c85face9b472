import type { Replica } from './cassandra/replica.ts';
import { placeOf } from './cassandra/cells.ts';
import { tableNamed } from './cassandra/statements.ts';
import { type EntryText, textOfMessage, textOfRow } from './entryText.ts';
import { mergedRows } from './mergedRows.ts';
import { LEDGER, type Message, type OrderStory, type Story, isCovered } from './oracle.ts';
import type { Checks } from './world.ts';

const KIND = placeOf(tableNamed(LEDGER), 'kind');

/** I1: each message is in its order's ledger, once, and nothing else is there. */
export const checkLedger = (
  replicas: readonly Replica[],
  { orders }: Story,
  violated: Checks['violated'],
): void => {
  const rowsOf = Map.groupBy(mergedRows(replicas, LEDGER).values(), ({ partition }) => partition);
  for (const order of orders.values()) {
    const rows = rowsOf.get(String(order.orderId)) ?? [];
    const decisions = rows.filter(({ cells }) => cells[KIND]?.value === 'decision');
    if (decisions.length !== order.erasures.length) {
      violated('I1', `order ${order.orderId} has ${decisions.length} erasures, not ${order.erasures.length}`);
    }
    const texts = rows.filter((row) => !decisions.includes(row)).map(({ cells }) => textOfRow(cells));
    compareEntries(order, texts, violated);
  }
  for (const partition of rowsOf.keys()) {
    if (!orders.has(BigInt(partition))) violated('I1', `nobody sent anything about order ${partition}`);
  }
};

const compareEntries = (
  order: OrderStory,
  texts: readonly EntryText[],
  violated: Checks['violated'],
): void => {
  const left = [...texts];
  for (const message of [...order.versions, ...order.payments]) {
    const right = textAtRest(message, order);
    const found = left.findIndex((text) => keyOf(text) === right);
    if (found === -1) violated('I1', `${message.label} is not in the ledger, or not as it was sent`);
    else left.splice(found, 1);
  }
  for (const text of left) {
    violated('I1', `order ${order.orderId} has an entry too many: ${keyOf(text).replaceAll('\u{1f}', ' ')}`);
  }
};

const keyOf = ({ lasting, personal }: EntryText): string => [lasting, ...personal].join('\u{1f}');

/** What the entry says in the end: an erasure has taken the person's data away. */
const textAtRest = (message: Message, order: OrderStory): string | undefined => {
  const text = textOfMessage(message);
  if (text === undefined) return undefined;
  return keyOf(isCovered(message, order) ? { ...text, personal: text.personal.map(() => '') } : text);
};
