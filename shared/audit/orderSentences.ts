import { FACT_COLUMNS, type FactColumn, factColumns } from '../store/rows.ts';
import type { LedgerRow, OrderRecord } from '../store/auditSource.ts';

export type SentenceState = 'met' | 'lost' | 'wrong';

/** One thing that must be true of an order, and how that is seen in its record. */
interface Sentence {
  readonly orderId: bigint;
  readonly sentence: string;
  /** Its state while no record of the order was seen. */
  readonly unseen: SentenceState;
  readonly stateIn: (record: OrderRecord) => SentenceState;
}

interface Pair {
  readonly order_id: bigint;
  readonly payment_id: bigint;
}

/** What a row must show; null is an unset column. A column that is left out may hold anything. */
type Shown = { readonly order_id: bigint } & {
  readonly [Name in FactColumn]?: bigint | number | string | null | undefined;
};

interface ExpectedOrders {
  readonly matched: readonly Pair[];
  readonly parked: readonly Pair[];
  readonly unpaid: readonly bigint[];
  readonly conflicts: readonly bigint[];
  readonly shows: readonly Shown[];
}

/** What must be true of the orders of an expectation, one sentence each. */
export const orderSentences = (expected: ExpectedOrders): readonly Sentence[] => {
  const { matched, parked, unpaid, conflicts, shows } = expected;
  return [
    ...[...matched.map(({ order_id }) => order_id), ...unpaid].map(isStored),
    ...matched.map(isPaid),
    ...parked.map(isParked),
    ...unpaid.map(hasNoPayment),
    ...conflicts.map(hasSeveralPayments),
    ...shows.map(showsColumns),
  ];
};

const isStored = (orderId: bigint): Sentence => ({
  orderId,
  sentence: `order ${orderId} should be stored`,
  unseen: 'lost',
  stateIn: (record) => (isHere(record) ? 'met' : 'lost'),
});

const isPaid = ({ order_id: orderId, payment_id: paymentId }: Pair): Sentence => ({
  orderId,
  sentence: `payment ${paymentId} should be kept on order ${orderId}, which should show a payment`,
  unseen: 'lost',
  stateIn: (record) => {
    if (!keeps(record, paymentId)) return 'lost';
    return isHere(record) && record.fact?.payment.paymentId !== undefined ? 'met' : 'wrong';
  },
});

const isParked = ({ order_id: orderId, payment_id: paymentId }: Pair): Sentence => ({
  orderId,
  sentence: `payment ${paymentId} should be parked and wait for order ${orderId}`,
  unseen: 'lost',
  stateIn: (record) => {
    if (!keeps(record, paymentId)) return 'lost';
    return isHere(record) ? 'wrong' : 'met';
  },
});

const hasNoPayment = (orderId: bigint): Sentence => ({
  orderId,
  sentence: `order ${orderId} should have no payment`,
  unseen: 'met',
  stateIn: ({ ledger }) => (paymentIdsOf(ledger).size === 0 ? 'met' : 'wrong'),
});

const hasSeveralPayments = (orderId: bigint): Sentence => ({
  orderId,
  sentence: `order ${orderId} should keep more than one payment`,
  unseen: 'wrong',
  stateIn: ({ ledger }) => (paymentIdsOf(ledger).size > 1 ? 'met' : 'wrong'),
});

const showsColumns = ({ order_id: orderId, ...columns }: Shown): Sentence => {
  const named = FACT_COLUMNS.filter((name) => columns[name] !== undefined);
  const values = named.map((name) => `${name} ${columns[name] ?? 'unset'}`);
  return {
    orderId,
    sentence: `order ${orderId} should show ${values.join(', ')}`,
    unseen: 'wrong',
    stateIn: ({ fact }) => {
      const shown = fact && factColumns(fact);
      return shown && named.every((name) => (shown[name] ?? null) === columns[name]) ? 'met' : 'wrong';
    },
  };
};

const isHere = ({ fact }: OrderRecord): boolean => fact?.order.item !== undefined;

const keeps = ({ ledger }: OrderRecord, paymentId: bigint): boolean => paymentIdsOf(ledger).has(paymentId);

const paymentIdsOf = (ledger: readonly LedgerRow[]): ReadonlySet<bigint> =>
  new Set(ledger.flatMap(({ entry }) => (entry?.kind === 'payment' ? [entry.payment.paymentId] : [])));
