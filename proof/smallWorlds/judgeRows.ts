import type { Replica } from '../simulation/cassandra/replica.ts';
import { liveCells } from './liveCells.ts';
import { type Columns, ORDER_ID, type WorldMessage, type WorldSpec } from './smallWorlds.ts';

// Nothing here uses the product's code. The promises are stated a second time, as they are worded.

const PAYMENT_COLUMNS: ReadonlySet<string> = new Set([
  'payment_id',
  'payment_method',
  'card_last_four',
  'payment_status',
  'payment_datetime',
]);

type Cells = ReadonlyMap<string, unknown>;

/**
 * Which promise a quorum breaks with its ledger and its row; undefined when it breaks none.
 * @param acked the messages that are acked at this moment.
 * @param replica the merged rows of the quorum.
 */
export const judgeRows = (
  spec: WorldSpec,
  acked: readonly WorldMessage[],
  replica: Replica,
): string | undefined => {
  const row = liveCells('orders_payments_facts', replica.read('orders_payments_facts', String(ORDER_ID))[0]);
  const order = new Map([...row].filter(([column]) => !PAYMENT_COLUMNS.has(column)));
  const payment = new Map([...row].filter(([column]) => PAYMENT_COLUMNS.has(column)));
  const ledger = replica
    .read('ledger_by_order', String(ORDER_ID))
    .map((entry) => liveCells('ledger_by_order', entry));
  return (
    ledgerProblem(spec, acked, ledger) ??
    orderProblem(spec, acked, order) ??
    paymentProblem(spec, payment) ??
    (payment.size > 0 && order.size === 0 ? 'I5: a row has a payment and no order' : undefined) ??
    (payment.size === 0 && acked.some(isOf('payment')) && acked.some(isOf('order'))
      ? 'I3: an order and a payment are acked, and a quorum shows no payment'
      : undefined) ??
    (acked.length === spec.messages.length ? endProblem(spec, order, payment) : undefined)
  );
};

const isOf =
  (wanted: WorldMessage['kind']) =>
  ({ kind }: WorldMessage): boolean =>
    kind === wanted;

/** Each acked message is in the ledger, and the ledger has no entry twice and none of something else. */
const ledgerProblem = (
  { messages }: WorldSpec,
  acked: readonly WorldMessage[],
  ledger: readonly Cells[],
): string | undefined => {
  const kept = acked.filter(({ kind }) => kind !== 'invalid');
  const lost = kept.find((message) => !ledger.some((entry) => isEntryOf(entry, message)));
  if (lost) return `I2: a message is acked, and a quorum does not have it: ${textOf(lost.columns)}`;
  const foreign = ledger.find((entry) => !messages.some((message) => isEntryOf(entry, message)));
  if (foreign) return `I1: an entry of the ledger is of no message: ${textOf(foreign)}`;
  return ledger.length > messages.length ? 'I1: a message is in the ledger twice' : undefined;
};

const isEntryOf = (entry: Cells, { columns, kind, publishedAtMs }: WorldMessage): boolean => {
  const { payment_id: paymentId, ...content } = columns;
  const ref = paymentId === undefined ? {} : { ref: String(paymentId) };
  const published = entry.get('published_at');
  const others = new Map([...entry].filter(([column]) => column !== 'published_at'));
  return (
    isSame(others, { ...content, ...ref, kind }) &&
    published instanceof Date &&
    published.getTime() === publishedAtMs
  );
};

const orderProblem = (
  { messages, mayMix }: WorldSpec,
  acked: readonly WorldMessage[],
  order: Cells,
): string | undefined => {
  const versions = messages.filter(isOf('order'));
  if (order.size === 0 || versions.some(({ columns }) => isSame(order, columns))) return undefined;
  const areAllAcked = versions.every((version) => acked.includes(version));
  const isMix = [...order].every(([column, value]) =>
    versions.some(({ columns }) => columns[column] === value),
  );
  if (mayMix && isMix && !areAllAcked) return undefined;
  return `I5: the row shows a version that nobody sent: ${textOf(order)}`;
};

const paymentProblem = ({ messages }: WorldSpec, payment: Cells): string | undefined =>
  payment.size === 0 || messages.some(({ columns }) => isSame(payment, columns))
    ? undefined
    : `I5: the row shows a payment that nobody sent: ${textOf(payment)}`;

/** What is wrong with the row when all messages are acked. */
const endProblem = (spec: WorldSpec, order: Cells, payment: Cells): string | undefined => {
  if (spec.version !== undefined && !isSame(order, spec.version.columns)) {
    return `I4: all are acked, and the row does not show the newest version: ${textOf(order)}`;
  }
  if (spec.payment !== undefined && !isSame(payment, spec.payment.columns)) {
    return `I3: all are acked, and the row shows another payment: ${textOf(payment)}`;
  }
  return undefined;
};

const isSame = (cells: Cells, columns: Columns): boolean =>
  cells.size === Object.keys(columns).length &&
  [...cells].every(([column, value]) => columns[column] === value);

const textOf = (columns: Cells | Columns): string => {
  const entries = columns instanceof Map ? [...columns] : Object.entries(columns);
  return entries.map(([column, value]) => `${column} ${String(value)}`).join(', ');
};
