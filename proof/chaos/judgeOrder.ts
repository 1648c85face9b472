import { judgeStatus, type Meaning, mayPayAll, plainWord } from '../fuzz/judge/judgeStatus.ts';
import { type Cells, type Payment, textOf, type Version } from './accepted.ts';

/** A dead letter about an order, as a person reads it. */
export interface Told {
  readonly reason: string;
  readonly error: string;
  /** The message that carries it; undefined when nobody published that. */
  readonly about: Version | Payment | undefined;
}

/** Everything about one order: what was sent, what its row shows, and what people were told. */
export interface OrderCase {
  readonly orderId: bigint;
  readonly versions: readonly Version[];
  readonly payments: readonly Payment[];
  /** The row of `orders_payments_facts`; undefined when there is none. */
  readonly row: Cells | undefined;
  readonly told: readonly Told[];
}

const ORDER_COLUMNS = [
  'customer_id',
  'item',
  'quantity',
  'price',
  'shipping_address',
  'order_status',
  'creation_date',
];
const PAYMENT_COLUMNS = [
  'payment_id',
  'payment_method',
  'card_last_four',
  'payment_status',
  'payment_datetime',
];

/** The life of a payment. Of two words with one time, the later one is the last word. */
const LIFE: readonly Meaning[] = ['unknown', 'pending', 'failed', 'paid', 'refunded'];
/** A sentence names at most so many ids. */
const IDS_NAMED_MAX = 10;
const PAYMENTS_MAX = 1_000;

const meaningOf = ({ status }: Payment): Meaning => judgeStatus(status);
const mayBePaid = ({ status, method }: Payment): boolean =>
  mayPayAll({ paymentStatus: status, paymentMethod: method });

/**
 * What is wrong with an order, one sentence each, in the words of the promises. It knows no write times and
 * no findings of the product. Where two messages contradict each other, it takes each of them for right.
 */
export const judgeOrder = (order: OrderCase): readonly string[] => [
  ...wrongVersion(order),
  ...wrongPayment(order),
  ...untold(order),
  ...toldWrongly(order),
];

const newestOf = <T extends Version | Payment>(said: readonly T[]): readonly T[] => {
  const newestAtMs = said.reduce((latest, { atMs }) => Math.max(latest, atMs), -Infinity);
  return said.filter(({ atMs }) => atMs === newestAtMs);
};

const versionText = ({ cells }: Version): string => textOf(cells, ORDER_COLUMNS);
const paymentText = ({ cells, paymentId }: Payment): string =>
  textOf({ ...cells, payment_id: paymentId }, PAYMENT_COLUMNS);

const wrongVersion = ({ orderId, versions, row = {} }: OrderCase): readonly string[] => {
  const shown = textOf(row, ORDER_COLUMNS);
  const right = versions.length === 0 ? [textOf({}, ORDER_COLUMNS)] : newestOf(versions).map(versionText);
  if (right.includes(shown)) return [];
  if (versions.some((version) => versionText(version) === shown))
    return [`I4: order ${orderId} shows a version that is not its newest: ${shown}, not ${right[0]}`];
  return [`I5: order ${orderId} shows what is no version of it: ${shown}, not ${right[0]}`];
};

const wrongPayment = ({ orderId, versions, payments, row = {} }: OrderCase): readonly string[] => {
  const shown = textOf(row, PAYMENT_COLUMNS);
  const isShown = shown !== textOf({}, PAYMENT_COLUMNS);
  if (versions.length === 0 || payments.length === 0)
    return isShown ? [`I5: order ${orderId} shows a payment, but it has none or never came`] : [];
  if (!isShown) return [`I3: order ${orderId} shows none of its ${payments.length} payments`];
  const last = lastWords(payments);
  const paid = last.filter((payment) => meaningOf(payment) === 'paid');
  const right = (paid.length > 0 ? paid : last).map(paymentText);
  if (right.includes(shown)) return [];
  return [`I3: order ${orderId} shows payment ${shown}, not ${right.join(' or ')}`];
};

/** The last word about each payment id, or several that contradict each other. */
const lastWords = (payments: readonly Payment[]): readonly Payment[] =>
  [...byId(payments).values()].flatMap((words) => {
    const newest = newestOf(words);
    const latest = Math.max(...newest.map((word) => LIFE.indexOf(meaningOf(word))));
    return newest.filter((word) => LIFE.indexOf(meaningOf(word)) === latest);
  });

const byId = (payments: readonly Payment[]): ReadonlyMap<bigint, readonly Payment[]> =>
  Map.groupBy(payments, ({ paymentId }) => paymentId);

/** The ids that are paid for sure: no last word about them says anything else. */
export const paidIdsOf = ({ payments }: Pick<OrderCase, 'payments'>): readonly bigint[] =>
  [...byId(lastWords(payments))].filter(([, words]) => words.every(mayBePaid)).map(([id]) => id);

/** The ids with two methods, or with two cards, at one status. */
export const changedIdsOf = ({ payments }: Pick<OrderCase, 'payments'>): readonly bigint[] =>
  [...byId(payments)].filter(([, words]) => isContradicted(words)).map(([id]) => id);

const isContradicted = (words: readonly Payment[]): boolean =>
  [...Map.groupBy(words, statusOf).values()].some(
    (same) =>
      new Set(same.map(({ method }) => plainWord(method))).size > 1 ||
      new Set(same.flatMap(({ card }) => card ?? [])).size > 1,
  );

/** Two words that nobody knows are two statuses. */
const statusOf = (payment: Payment): string => {
  const meaning = meaningOf(payment);
  return meaning === 'unknown' ? `unknown: ${plainWord(payment.status)}` : meaning;
};

/** The time of the newest versions, when they contradict each other. */
export const rivalsAtMs = ({ versions }: Pick<OrderCase, 'versions'>): number | undefined => {
  const newest = newestOf(versions);
  return new Set(newest.map(versionText)).size > 1 ? newest[0]?.atMs : undefined;
};

const untold = (order: OrderCase): readonly string[] => {
  const { orderId, versions, payments, told } = order;
  const isTold = (reason: string, is: (letter: Told) => boolean): boolean =>
    told.some((letter) => letter.reason === reason && is(letter));
  const paid = paidIdsOf(order);
  const rivals = rivalsAtMs(order);
  const waiting = versions.length === 0 ? payments : [];
  return [
    ...(paid.length > 1 && !isTold('conflict', ({ error }) => namesAll(error, paid))
      ? [`I6: nobody was told that order ${orderId} is paid by ${paid.join(' and ')}`]
      : []),
    ...changedIdsOf(order)
      .filter((id) => !isTold('changed', ({ about }) => about?.kind === 'payment' && about.paymentId === id))
      .map((id) => `I6: nobody was told that payment ${id} of order ${orderId} was sent with other contents`),
    ...(rivals !== undefined && !isTold('rivals', ({ about }) => about?.atMs === rivals)
      ? [`I6: nobody was told that order ${orderId} has two newest versions`]
      : []),
    ...waiting
      .filter((payment) => !isTold('unmatched', ({ about }) => about === payment))
      .map(({ paymentId }) => `I6: nobody was told that payment ${paymentId} waits for order ${orderId}`),
  ];
};

const namesAll = (error: string, ids: readonly bigint[]): boolean =>
  ids.length > IDS_NAMED_MAX || ids.every((id) => names(error, String(id)));

/** Whether a sentence names an id. Of an id that could be a card number, it has the last four digits (I8). */
const names = (error: string, id: string): boolean =>
  error.includes(id) || error.includes(`${'*'.repeat(Math.max(0, id.length - 4))}${id.slice(-4)}`);

const toldWrongly = (order: OrderCase): readonly string[] =>
  order.told.flatMap((letter) => {
    const wrong = wrongWith(letter, order);
    return wrong === undefined ? [] : [`I6: a dead letter of order ${order.orderId} ${wrong}`];
  });

/** A report is right when some of the messages show it, whatever came later. */
const wrongWith = ({ reason, about }: Told, order: OrderCase): string | undefined => {
  if (about === undefined) return `(${reason}) carries a message that nobody published`;
  const isShown = SHOWN_BY_SOME[reason];
  if (isShown === undefined) return `has the reason ${reason}, which is none`;
  return isShown(order, about) ? undefined : `(${reason}) says what no messages show`;
};

const SHOWN_BY_SOME: Readonly<Record<string, (order: OrderCase, about: Version | Payment) => boolean>> = {
  unmatched: (_order, about) => about.kind === 'payment',
  conflict: ({ payments }, about) => about.kind === 'payment' && byId(payments.filter(mayBePaid)).size > 1,
  changed: (order, about) => about.kind === 'payment' && changedIdsOf(order).includes(about.paymentId),
  rivals: ({ versions }, about) =>
    about.kind === 'order' &&
    versions.some((other) => other.atMs === about.atMs && versionText(other) !== versionText(about)),
  too_many: ({ payments }) => payments.length > PAYMENTS_MAX,
};
