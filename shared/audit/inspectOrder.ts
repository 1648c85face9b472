import { newest } from '../domain/newest.ts';
import { isSamePayment } from '../domain/payment.ts';
import { toLedgerEntries } from '../store/rows.ts';
import type { FactRow, LedgerRow, OrderRecord } from '../store/store.ts';

/** The promises that an audit of the tables can find broken. `docs/architecture.md` explains each of them. */
type Invariant = 'I1' | 'I3' | 'I4' | 'I5' | 'I6';

export interface Violation {
  readonly invariant: Invariant;
  /** One sentence with the ids in it, for the person who has to look into it. */
  readonly detail: string;
  readonly orderId: bigint | undefined;
}

/** What all events about one payment say together. */
interface PaymentFinding {
  readonly paymentId: bigint;
  readonly publishedAtMs: number;
  /** Its events have different contents. */
  readonly isChanged: boolean;
  /** How many of its events repeat an earlier one. */
  readonly repeats: number;
}

export interface OrderFindings {
  readonly orderId: bigint;
  readonly orderExists: boolean;
  /** The order has arrived and shows a payment. */
  readonly isPaid: boolean;
  readonly payments: readonly PaymentFinding[];
  readonly violations: readonly Violation[];
}

/** What one order's rows say, and which promises they break. Pure: the same rows give the same findings. */
export const inspectOrder = (record: OrderRecord): OrderFindings => {
  const { orderId, fact, ledger } = record;
  const orderExists = hasSome(fact?.order);
  const isPaid = hasSome(fact?.payment);
  const violation = (invariant: Invariant, detail: string): Violation => ({ invariant, detail, orderId });
  return {
    orderId,
    orderExists,
    isPaid: orderExists && isPaid,
    payments: paymentsOf(ledger),
    violations: [
      ...wholenessProblems(record).map((detail) => violation('I5', detail)),
      ...joinProblems(record, orderExists, isPaid).map((detail) => violation('I3', detail)),
      ...shownProblems(record).map(([invariant, detail]) => violation(invariant, detail)),
    ],
  };
};

const hasSome = (cells: object | undefined): boolean =>
  Object.values(cells ?? {}).some((value) => value !== undefined);

const isTorn = (cells: object | undefined): boolean =>
  hasSome(cells) && Object.values(cells ?? {}).some((value) => value === undefined);

/** An event writes all of its columns at once. So a row that has only some of them has lost the others. */
const wholenessProblems = ({ orderId, fact, ledger }: OrderRecord): string[] => [
  ...(isTorn(fact?.order) ? [`order ${orderId} has lost some of its order columns`] : []),
  ...(isTorn(fact?.payment) ? [`order ${orderId} has lost some of its payment columns`] : []),
  ...ledger
    .filter(({ payment }) => payment === undefined)
    .map(({ paymentId }) => `payment ${paymentId} of order ${orderId} has lost columns in the ledger`),
];

const joinProblems = ({ orderId, ledger }: OrderRecord, orderExists: boolean, isPaid: boolean): string[] => {
  if (orderExists) {
    return ledger.length > 0 && !isPaid
      ? [`order ${orderId} and its payment ${ledger[0]?.paymentId} are both here but not joined`]
      : [];
  }
  const unparked = ledger.find(({ isParked }) => !isParked);
  return [
    ...(isPaid ? [`order ${orderId} shows a payment but is not here itself`] : []),
    ...(unparked === undefined
      ? []
      : [`payment ${unparked.paymentId} was joined to order ${orderId}, which is not here`]),
  ];
};

/**
 * The fact must show the newest payment of the ledger. When several tie, each cell may come from any of them.
 */
const shownProblems = ({ orderId, fact, ledger }: OrderRecord): [Invariant, string][] => {
  const shown = fact?.payment;
  if (fact === undefined || shown?.paymentId === undefined) return [];
  if (!ledger.some(({ paymentId }) => paymentId === shown.paymentId)) {
    return [['I6', `order ${orderId} shows payment ${shown.paymentId}, which is not in the ledger`]];
  }
  // Lost columns hide which payment is the newest. `wholenessProblems` has reported them already.
  if (isTorn(shown) || hasLostColumns(ledger)) return [];
  const latest = newest(toLedgerEntries(ledger));
  const isNewest = paymentColumns(fact).every((column) =>
    latest.some(({ payment }) => payment[column] === shown[column]),
  );
  return isNewest
    ? []
    : [['I4', `order ${orderId} shows payment ${shown.paymentId}, which is not its newest one`]];
};

const hasLostColumns = (ledger: readonly LedgerRow[]): boolean =>
  ledger.some(({ payment }) => payment === undefined);

const paymentColumns = ({ payment }: FactRow): (keyof FactRow['payment'])[] =>
  Object.keys(payment) as (keyof FactRow['payment'])[];

const paymentsOf = (ledger: readonly LedgerRow[]): PaymentFinding[] => {
  const byPayment = Map.groupBy(ledger, ({ paymentId }) => paymentId);
  return [...byPayment].map(([paymentId, rows]) => {
    const contents = rows.flatMap(({ payment }) => (payment === undefined ? [] : [payment]));
    const distinct = contents.filter(
      (payment, index) => contents.findIndex((other) => isSamePayment(other, payment)) === index,
    );
    return {
      paymentId,
      publishedAtMs: Math.min(...rows.map(({ publishedAtMs }) => publishedAtMs)),
      isChanged: distinct.length > 1,
      repeats: contents.length - distinct.length,
    };
  });
};
