import { type Cell, type Cells, isLive, mergeCells, placeOf } from './cassandra/cells.ts';
import type { Replica, RowWrite } from './cassandra/replica.ts';
import { tableNamed } from './cassandra/statements.ts';
import type { CqlValue } from './cassandra/values.ts';
import { PERSONAL } from './entryText.ts';
import { FACTS, type Message, type OrderStory, type Story, happenedAtMs, isCovered } from './oracle.ts';
import type { Checks } from './world.ts';

const TABLE = tableNamed(FACTS);
const placed = (columns: readonly string[]) =>
  columns.map((column) => ({ column, place: placeOf(TABLE, column), isPersonal: PERSONAL.includes(column) }));
const ORDER_COLUMNS = placed([
  'customer_id',
  'item',
  'quantity',
  'price',
  'shipping_address',
  'order_status',
  'creation_date',
]);
const PAYMENT_COLUMNS = placed([
  'payment_id',
  'payment_method',
  'card_last_four',
  'payment_status',
  'payment_datetime',
]);

const valuesOf = ({ said }: Message): Readonly<Record<string, CqlValue | undefined>> => {
  if (said.kind === 'invalid') return {};
  return said.kind === 'payment' ? { ...said.columns, payment_id: said.paymentId } : said.columns;
};

/** Whether the row of an order shows a message, whole. */
const shows = (
  cells: Cells,
  columns: typeof ORDER_COLUMNS,
  message: Message,
  mayBeErased: boolean,
): boolean => {
  const values = valuesOf(message);
  for (const { column, place, isPersonal } of columns) {
    const value = cells[place]?.value ?? undefined;
    if (value === values[column]) continue;
    if (isPersonal && mayBeErased && value === undefined) continue;
    return false;
  }
  return true;
};

const hasAny = (cells: Cells, columns: typeof ORDER_COLUMNS): boolean =>
  columns.some(({ place }) => isLive(cells[place]));

/** The versions of an order that a row shows, whole. */
export const versionsIn = (cells: Cells, story: OrderStory): readonly Message[] =>
  story.versions.filter((one) => shows(cells, ORDER_COLUMNS, one, isCovered(one, story)));

/** The payments of an order that a row shows, whole. */
export const paymentsIn = (cells: Cells, story: OrderStory): readonly Message[] =>
  story.payments.filter((one) => shows(cells, PAYMENT_COLUMNS, one, isCovered(one, story)));

export const showsOrder = (cells: Cells): boolean => hasAny(cells, ORDER_COLUMNS);
export const showsPayment = (cells: Cells): boolean => hasAny(cells, PAYMENT_COLUMNS);

/** Whether a row has none of the personal columns of a message that it shows. */
export const isErasedIn = (cells: Cells, message: Message | undefined): boolean => {
  const columns = message?.said.kind === 'order' ? ORDER_COLUMNS : PAYMENT_COLUMNS;
  return columns.every(({ place, isPersonal }) => !isPersonal || (cells[place]?.value ?? null) === null);
};

/** The row of an order as two replicas have it together. */
export const rowOfPair = (a: Replica, b: Replica, orderId: bigint): Cells | undefined => {
  const partition = String(orderId);
  const [mine, other] = [a.cells(FACTS, partition, ''), b.cells(FACTS, partition, '')];
  return mine === undefined || other === undefined ? (mine ?? other) : mergeCells(mine, other, TABLE);
};

interface Watched {
  readonly story: Story;
  readonly replicas: readonly Replica[];
  readonly violated: Checks['violated'];
  readonly isAcked: (message: Message) => boolean;
  /** Whether an operator erases a person's data in an order at this moment. */
  readonly isErasing: (orderId: bigint) => boolean;
  /** Rows that were found right in this schedule. What makes them right never changes. */
  readonly right: WeakSet<Cells>;
}

/**
 * I5, whenever a replica has applied a mutation: on each quorum with this replica, a row is one version of
 * the order, whole, and one payment, whole, or no payment.
 */
export const watchRow = (
  { story, replicas, violated, isAcked, isErasing, right }: Watched,
  applying: Replica,
  { table, partition, cells: written }: RowWrite,
): void => {
  const order = story.orders.get(BigInt(partition));
  if (order === undefined) return violated('I5', `nobody sent anything about order ${partition}`);
  watchTombstones(order, table.name, written, violated);
  if (table.name !== FACTS) return;
  for (const other of replicas) {
    if (other === applying) continue;
    const cells = rowOfPair(applying, other, order.orderId);
    if (cells === undefined || right.has(cells)) continue;
    const isVersion = versionsIn(cells, order).length > 0;
    const isPayment = !showsPayment(cells) || paymentsIn(cells, order).length > 0;
    if (isVersion && isPayment && showsOrder(cells)) {
      right.add(cells);
      continue;
    }
    if (!showsOrder(cells)) violated('I5', `a quorum shows a payment-only row of order ${partition}`);
    else if (!isVersion && !isOpenTie(cells, order, { isAcked, isErasing })) {
      violated('I5', `a quorum shows order ${partition} as nobody sent it: ${textOf(cells, ORDER_COLUMNS)}`);
    }
    if (!isPayment) {
      violated(
        'I5',
        `a quorum shows a payment of order ${partition} that nobody sent: ${textOf(cells, PAYMENT_COLUMNS)}`,
      );
    }
  }
};

/**
 * The one exception: versions of the very same write time may be mixed until the later of them is acked,
 * while an erasure of their order is under way, and until a newer version that has reached one replica only
 * is acked. Then all cells of the order have one write time, and each comes from a version of one moment.
 */
const isOpenTie = (
  cells: Cells,
  story: OrderStory,
  { isAcked, isErasing }: Pick<Watched, 'isAcked' | 'isErasing'>,
): boolean => {
  const times = new Set(ORDER_COLUMNS.map(({ place }) => cells[place]?.writeTime));
  if (times.size > 1) return false;
  for (const [atMs, ofOneMoment] of Map.groupBy(story.versions, happenedAtMs)) {
    const isNewerOpen = story.versions.some((one) => happenedAtMs(one) > atMs && !isAcked(one));
    if (ofOneMoment.length < 2) continue;
    if (ofOneMoment.every(isAcked) && !isNewerOpen && !isErasing(story.orderId)) continue;
    const isMixed = ORDER_COLUMNS.every(({ column, place, isPersonal }) => {
      const value = cells[place]?.value ?? undefined;
      const isUnset = isPersonal && value === undefined;
      if (isUnset && ofOneMoment.some((version) => isCovered(version, story))) return true;
      return ofOneMoment.some((version) => valuesOf(version)[column] === value);
    });
    if (isMixed) return true;
  }
  return false;
};

/** No tombstone but these: an unset customer or card in a row, and what was erased. */
const watchTombstones = (
  { orderId, versions, payments, erasures }: OrderStory,
  table: string,
  written: Cells,
  violated: Checks['violated'],
): void => {
  if (!written.some((cell) => cell?.value === null)) return;
  const isErased = erasures.length > 0;
  const isGuest = versions.some(({ said }) => said.columns['customer_id'] === undefined);
  const hasNoCard = payments.some(({ said }) => said.columns['card_last_four'] === undefined);
  const inRow = table === FACTS;
  const allowed: Readonly<Record<string, boolean>> = {
    customer_id: isErased || (inRow && isGuest),
    shipping_address: isErased,
    card_last_four: isErased || (inRow && hasNoCard),
  };
  for (const [place, { name }] of tableNamed(table).cellColumns.entries()) {
    if (written[place]?.value !== null || allowed[name] === true) continue;
    violated('I5', `${table}: ${name} of order ${orderId} was erased`);
  }
};

const textOf = (cells: Cells, columns: typeof ORDER_COLUMNS): string =>
  columns.map(({ column, place }) => `${column} ${show(cells[place])}`).join(', ');

/** A cell for people. */
export const show = (cell: Cell | undefined): string =>
  cell === undefined ? 'never written' : `${String(cell.value)} at ${cell.writeTime}`;
