import type { AuditSource, OrderRecord } from '../../shared/store/store.ts';
import { type Accepted, contentOfOrder, contentOfPayment, digest } from './accepted.ts';

/** The buckets. Every accepted message must end in exactly one of them (I1). */
export const BUCKETS = ['stored', 'shown', 'beside', 'parked', 'invalid'] as const;
type Bucket = (typeof BUCKETS)[number];

export interface Buckets {
  /** The number of events in each bucket. */
  readonly counts: Readonly<Record<Bucket, number>>;
  /** Events that were accepted and are in no bucket. */
  readonly lost: readonly Accepted[];
  /** Events in more than one bucket. */
  readonly twice: readonly Accepted[];
  /** Payments in the ledger that nobody ever published. */
  readonly strangers: readonly string[];
  readonly bucketsOf: (eventId: string) => ReadonlySet<Bucket>;
}

/**
 * Looks for every accepted message in the tables. An order is found by its content on the fact, a payment by
 * its event and content in the ledger, and any other message by its event and bytes among the dead letters.
 * @throws the error of the source when the source cannot be read.
 */
export const sortIntoBuckets = async (
  events: ReadonlyMap<string, Accepted>,
  source: Pick<AuditSource, 'scanOrders' | 'scanDeadLetters' | 'findPayload'>,
): Promise<Buckets> => {
  const found = new Map<string, Set<Bucket>>();
  const strangers: string[] = [];
  const orders = Map.groupBy(
    [...events.values()].filter(({ topic }) => topic === 'orders_data'),
    ({ orderId }) => orderId,
  );
  const put = (eventId: string, bucket: Bucket): void => {
    found.set(eventId, (found.get(eventId) ?? new Set()).add(bucket));
  };

  for await (const record of source.scanOrders()) {
    for (const eventId of storedIn(record, orders)) put(eventId, 'stored');
    for (const { eventId, payment } of record.ledger) {
      const event = events.get(eventId);
      if (event === undefined) strangers.push(eventId);
      else if (payment !== undefined && event.content === contentOfPayment(payment)) {
        put(eventId, bucketOf(record, payment.paymentId));
      }
    }
  }
  for await (const row of source.scanDeadLetters()) {
    const event = events.get(row.eventId);
    if (event === undefined || row.reason !== 'invalid') continue;
    if (event.body === digest(await source.findPayload(row, row.reason))) put(row.eventId, 'invalid');
  }

  const bucketsOf = (eventId: string): ReadonlySet<Bucket> => found.get(eventId) ?? new Set();
  const count = (bucket: Bucket): number =>
    [...found.values()].filter((buckets) => buckets.has(bucket)).length;
  return {
    counts: {
      stored: count('stored'),
      shown: count('shown'),
      beside: count('beside'),
      parked: count('parked'),
      invalid: count('invalid'),
    },
    lost: [...events.values()].filter(({ eventId }) => bucketsOf(eventId).size === 0),
    twice: [...events.values()].filter(({ eventId }) => bucketsOf(eventId).size > 1),
    strangers,
    bucketsOf,
  };
};

/**
 * The order events whose content the fact shows. A republished order has the same content, so it is stored
 * too.
 */
const storedIn = (
  { orderId, fact }: OrderRecord,
  orders: ReadonlyMap<number | undefined, readonly Accepted[]>,
): string[] => {
  if (fact === undefined) return [];
  const shown = contentOfOrder(fact);
  const events = orders.get(Number(orderId)) ?? [];
  return events.filter(({ content }) => content === shown).map(({ eventId }) => eventId);
};

const bucketOf = ({ fact }: OrderRecord, paymentId: bigint): Bucket => {
  if (fact?.order.customerId === undefined) return 'parked';
  return fact.payment.paymentId === paymentId ? 'shown' : 'beside';
};
