import { createHash } from 'node:crypto';
import { createWorkload } from '../../../functions/simulate/createWorkload.ts';
import { parseRequest } from '../../../functions/simulate/parseRequest.ts';
import type { SimulateRequest } from '../../../functions/simulate/requestFields.ts';
import type { Message, PaidOrder, Shown, Workload } from '../../../functions/simulate/workload.ts';
import type { FindingReason } from '../../../shared/domain/finding.ts';
import { type Fold, fold } from '../../../shared/domain/fold.ts';
import type { LedgerEntry } from '../../../shared/domain/ledgerEntry.ts';
import { PermanentError } from '../../../shared/errors.ts';
import { eventIdOf } from '../../../shared/messaging/eventIdOf.ts';
import { toEntry } from '../../../shared/messaging/toEntry.ts';
import { orderCells, paymentCells } from '../../../shared/store/columns.ts';
import { event } from '../../support/messages/builders.ts';
import { parseOrder, parsePayment } from '../../../shared/messaging/parseMessage.ts';
import type { Topic } from '../../../shared/topology.ts';

/** The request that this body asks for; the seed is 42 unless it says otherwise. */
export const requestOf = (body: object): SimulateRequest =>
  parseRequest('POST', Buffer.from(JSON.stringify(body)), () => 42);

/** When the runs of these tests start. */
export const STARTED_AT_MS = Date.UTC(2026, 10, 24, 3);

export const workloadOf = (body: object): Promise<Workload> => createWorkload(requestOf(body), STARTED_AT_MS);

/** A message, when it is due, and how many messages share its request. */
export interface SentMessage extends Message {
  readonly atMs: number;
  readonly together: number;
}

/** The messages of a workload, in their order. */
export function* messagesOf({ slots }: Workload): Generator<SentMessage> {
  for (const { messages, atMs } of slots()) {
    for (const message of messages) yield { ...message, atMs, together: messages.length };
  }
}

export const textOf = ({ data }: Pick<Message, 'data'>): string => Buffer.from(data).toString();

/** The fields of a well-formed message. */
export const fieldsOf = (message: Pick<Message, 'data'>): Record<string, unknown> =>
  JSON.parse(textOf(message));

/** A hash of all that a workload publishes, in its order. */
export const digestOf = (workload: Workload): string => {
  const hash = createHash('sha256');
  for (const { topic, data } of messagesOf(workload))
    hash.update(`${topic}:${data.byteLength}:`).update(data);
  return hash.digest('hex');
};

/** What a publisher is given. */
interface Published {
  readonly topic: Topic;
  readonly data: Uint8Array;
  readonly together?: number;
}

type Read =
  | { readonly kind: 'order'; readonly orderId: number }
  | { readonly kind: 'payment'; readonly orderId: number; readonly paymentId: number }
  | { readonly kind: 'malformed'; readonly sha256: string };

/** What Tally's own parsers make of a message: the simulator's word is not taken for it. */
export const read = ({ topic, data }: Published): Read => {
  try {
    if (topic === 'orders_data') return { kind: 'order', orderId: Number(parseOrder(data).order.orderId) };
    const { payment } = parsePayment(data);
    return { kind: 'payment', orderId: Number(payment.orderId), paymentId: Number(payment.paymentId) };
  } catch (error) {
    if (!(error instanceof PermanentError)) throw error;
    return { kind: 'malformed', sha256: createHash('sha256').update(data).digest('hex') };
  }
};

interface EndState {
  readonly matched: readonly PaidOrder[];
  readonly parked: readonly PaidOrder[];
  readonly unpaid: readonly number[];
  readonly conflicts: readonly number[];
  readonly changed: readonly number[];
  readonly rivals: readonly number[];
  readonly invalid: readonly string[];
}

/**
 * The ledgers of the published bytes, by order: each request has a publish time of its own. What Tally folds
 * out of them is compared with what the simulator says in its own words.
 */
const foldsOf = (messages: Iterable<Published>): ReadonlyMap<number, Fold> => {
  const entries: LedgerEntry[] = [];
  let publishedAtMs = STARTED_AT_MS;
  let left = 0;
  for (const { topic, data, together = 1 } of messages) {
    if (left === 0) {
      publishedAtMs += 1;
      left = together;
    }
    left -= 1;
    if (read({ topic, data }).kind === 'malformed') continue;
    const origin = topic === 'orders_data' ? topic : 'payments_data';
    entries.push(
      toEntry(event({ origin, data, publishedAtMs, eventId: eventIdOf(origin, publishedAtMs, data) })),
    );
  }
  const ledgers = Map.groupBy(entries, ({ orderId }) => Number(orderId));
  return new Map([...ledgers].map(([orderId, ledger]) => [orderId, fold(ledger)]));
};

/** The right end state, worked out from the published bytes alone. */
export const endStateOf = (published: Iterable<Published>): EndState => {
  const messages = [...published];
  const folds = [...foldsOf(messages)];
  const pairs = (isHere: boolean) =>
    folds
      .filter(([, { order }]) => (order !== undefined) === isHere)
      .flatMap(([order_id, { verdicts }]) =>
        verdicts.map(({ payment }) => ({ order_id, payment_id: Number(payment.paymentId) })),
      );
  const idsWith = (reason: FindingReason) =>
    folds
      .filter(([, { findings }]) => findings.some((finding) => finding.reason === reason))
      .map(([id]) => id);
  const invalid = messages.map(read).flatMap((one) => (one.kind === 'malformed' ? [one.sha256] : []));
  return sorted({
    matched: pairs(true),
    parked: pairs(false),
    unpaid: folds.filter(([, { payment }]) => payment === undefined).map(([id]) => id),
    conflicts: idsWith('conflict'),
    changed: idsWith('changed'),
    rivals: idsWith('rivals'),
    invalid: [...new Set(invalid)],
  });
};

/** What the workload itself says the right end state is. */
export const expectedOf = ({ expected }: Workload): EndState =>
  sorted({
    matched: [...expected.matched()],
    parked: [...expected.parked()],
    unpaid: [...expected.unpaid()],
    conflicts: [...expected.conflicts()],
    changed: [...expected.changed()],
    rivals: [...expected.rivals()],
    invalid: [...expected.invalid()],
  });

const byNumber = (one: number, other: number): number => one - other;
const byPayment = (one: PaidOrder, other: PaidOrder): number => one.payment_id - other.payment_id;

const sorted = (state: EndState): EndState => ({
  matched: state.matched.toSorted(byPayment),
  parked: state.parked.toSorted(byPayment),
  unpaid: state.unpaid.toSorted(byNumber),
  conflicts: state.conflicts.toSorted(byNumber),
  changed: state.changed.toSorted(byNumber),
  rivals: state.rivals.toSorted(byNumber),
  invalid: state.invalid.toSorted(),
});

/** What the workload says that rows must show, where Tally shows something else. */
export const wronglyShown = (workload: Workload): readonly Shown[] => {
  const folds = foldsOf(messagesOf(workload));
  return [...workload.expected.shows()].filter((shown) => {
    const { order, payment } = folds.get(shown.order_id) ?? {};
    const row: Record<string, unknown> = {
      order_id: BigInt(shown.order_id),
      ...(order && orderCells(order.order)),
      ...(payment && paymentCells(payment.payment)),
    };
    return !Object.entries(shown).every(([column, value]) => String(row[column]) === String(value));
  });
};
