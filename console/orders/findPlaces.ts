import { formatPlace } from '../../shared/domain/deadLetterPlace.ts';
import { findDeadLetters } from '../../shared/operations/findDeadLetters.ts';
import type { OrderRecord } from '../../shared/store/auditSource.ts';
import type { ConsoleDeps } from '../consoleDeps.ts';
import type { FindAnswer, StreamRow } from '../contract.ts';
import { parseId } from '../../shared/messaging/parseId.ts';
import { isEventId } from '../../shared/domain/isEventId.ts';

type FindDeps = Pick<ConsoleDeps, 'store' | 'clock' | 'feed'>;
type Places = FindAnswer['places'];

/** So many places of one id are offered. */
const PLACES_MAX = 10;
/** No table is keyed by payment, so orders are read until one has it, for so long. */
const SCAN_MS = 3_000;
/** The same where something else has been found, for which a person waits. */
const SCAN_BESIDE_MS = 1_000;

/**
 * Where an id leads to: its order, its payment, its event or its message. What passed by lately is looked at
 * first, then the tables.
 * @param text digits, or hex digits of an event.
 */
export const findPlaces = async (deps: FindDeps, text: string, signal: AbortSignal): Promise<FindAnswer> => {
  const id = parseId(text);
  const order = id === undefined ? [] : await findOrder(deps, id);
  const seen = findSeen(deps, text, id);
  const found = [...order, ...seen];
  // An order and a payment may have the same digits, and an event may begin with them.
  if (id !== undefined && !found.some(({ kind }) => kind === 'payment')) {
    const scanMs = found.length > 0 ? SCAN_BESIDE_MS : SCAN_MS;
    const { places, looked } = await findPayment(deps, id, { scanMs, signal });
    const others = places.filter(({ href }) => !found.some((one) => one.href === href));
    return answerOf([...found, ...others], looked);
  }
  return found.length === 0 && isEventId(text)
    ? answerOf(await findLetters(deps, text), 'the messages of late, and all dead letters')
    : answerOf(found, 'the messages of late');
};

const answerOf = (places: Places, looked: string): FindAnswer => ({
  places: places.slice(0, PLACES_MAX),
  looked: places.length > 0 ? '' : looked,
});

const findOrder = async ({ store }: FindDeps, orderId: bigint): Promise<Places> => {
  const { fact, ledger } = await store.findOrderRecord(orderId);
  if (fact === undefined && ledger.length === 0) return [];
  return [{ href: `#order/${orderId}`, kind: 'order', what: `order ${orderId}` }];
};

const findSeen = ({ feed }: FindDeps, text: string, id: bigint | undefined): Places => {
  const reader = feed.open({ text, topic: '', outcomes: [] });
  const { rows } = reader.next();
  reader.close();
  return rows.flatMap((row) => {
    const kind = kindOf(row, text, id?.toString());
    return kind === undefined ? [] : [{ href: `#stream/${row.key}`, kind, what: sayRow(row) }];
  });
};

const kindOf = (
  { eventId, key, paymentId }: StreamRow,
  text: string,
  id: string | undefined,
): Places[number]['kind'] | undefined => {
  if (id !== undefined && paymentId === id) return 'payment';
  if (eventId?.startsWith(text) === true) return 'event';
  return key === text ? 'message' : undefined;
};

const sayRow = ({ paymentId, orderId, outcome }: StreamRow): string => {
  const order = orderId === null ? 'of no order' : `order ${orderId}`;
  return `${paymentId === null ? order : `payment ${paymentId} for ${order}`}, ${outcome}`;
};

const findLetters = async ({ store, clock }: FindDeps, id: string): Promise<Places> => {
  const found: Places[number][] = [];
  for await (const rows of findDeadLetters(store, { ...ANY, ids: [id] }, { nowMs: clock() })) {
    for (const row of rows) {
      const { orderId, reason } = row;
      const letter = `#dead-letters/letter?${new URLSearchParams({ letter: formatPlace(row) })}`;
      const href = orderId === undefined ? letter : `#order/${orderId}`;
      found.push({ href, kind: 'dead letter', what: `dead letter ${reason}` });
    }
  }
  return found.slice(0, PLACES_MAX);
};

const ANY = {
  reasons: [],
  topic: undefined,
  orderId: undefined,
  paymentId: undefined,
  error: undefined,
  state: undefined,
  sinceMs: undefined,
  untilMs: undefined,
};

/** Reads order by order until one has the payment, the time is over, or nobody waits any more. */
const findPayment = async (
  { store, clock }: FindDeps,
  paymentId: bigint,
  { scanMs, signal }: { readonly scanMs: number; readonly signal: AbortSignal },
): Promise<FindAnswer> => {
  const untilMs = clock() + scanMs;
  let orders = 0;
  for await (const record of store.scanOrders()) {
    orders += 1;
    if (hasPayment(record, paymentId)) {
      const href = `#order/${record.orderId}`;
      return {
        places: [{ href, kind: 'payment', what: `payment ${paymentId} for order ${record.orderId}` }],
        looked: '',
      };
    }
    if (signal.aborted || clock() > untilMs) {
      return {
        places: [],
        looked: `the order of this id, the messages of late, and the payments of ${orders} orders`,
      };
    }
  }
  return {
    places: [],
    looked: `the order of this id, the messages of late, and the payments of all ${orders} orders`,
  };
};

const hasPayment = ({ ledger }: OrderRecord, paymentId: bigint): boolean =>
  ledger.some(({ entry }) => entry?.kind === 'payment' && entry.payment.paymentId === paymentId);
