import { createHash } from 'node:crypto';
import { createWorkload } from '../../../functions/simulate/createWorkload.ts';
import { parseRequest, type SimulateRequest } from '../../../functions/simulate/parseRequest.ts';
import type { PaidOrder, Slot, Workload } from '../../../functions/simulate/workload.ts';
import { PermanentError } from '../../../shared/errors.ts';
import { parseOrder, parsePayment } from '../../../shared/messaging/parseMessage.ts';
import type { Topic } from '../../../shared/topology.ts';

/** The request that this body asks for; the seed is 42 unless it says otherwise. */
export const requestOf = (body: object): SimulateRequest =>
  parseRequest('POST', Buffer.from(JSON.stringify(body)), () => 42);

export const workloadOf = (body: object): Promise<Workload> => createWorkload(requestOf(body));

export const textOf = ({ data }: Slot): string => Buffer.from(data).toString();

/** The fields of a well-formed message. */
export const fieldsOf = (slot: Slot): Record<string, unknown> => JSON.parse(textOf(slot));

/** A hash of all that a workload publishes, in its order. */
export const digestOf = ({ slots }: Workload): string => {
  const hash = createHash('sha256');
  for (const { topic, data } of slots()) hash.update(`${topic}:${data.byteLength}:`).update(data);
  return hash.digest('hex');
};

interface SentMessage {
  readonly topic: Topic;
  readonly data: Uint8Array;
}

type Read =
  | { readonly kind: 'order'; readonly orderId: number }
  | { readonly kind: 'payment'; readonly orderId: number; readonly paymentId: number }
  | { readonly kind: 'malformed'; readonly sha256: string };

/** What Tally's own parsers make of a message: the simulator's word is not taken for it. */
export const read = ({ topic, data }: SentMessage): Read => {
  try {
    if (topic === 'orders_data') return { kind: 'order', orderId: Number(parseOrder(data).orderId) };
    const payment = parsePayment(data);
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
  readonly invalid: readonly string[];
}

/** The right end state, worked out from the published bytes alone. */
export const endStateOf = (slots: Iterable<SentMessage>): EndState => {
  const orders = new Set<number>();
  const payments = new Map<number, Set<number>>();
  const invalid = new Set<string>();
  for (const slot of slots) {
    const message = read(slot);
    if (message.kind === 'order') orders.add(message.orderId);
    else if (message.kind === 'malformed') invalid.add(message.sha256);
    else payments.set(message.orderId, (payments.get(message.orderId) ?? new Set()).add(message.paymentId));
  }
  const pairs = [...payments].flatMap(([order_id, ids]) =>
    [...ids].map((payment_id) => ({ order_id, payment_id })),
  );
  return sorted({
    matched: pairs.filter(({ order_id }) => orders.has(order_id)),
    parked: pairs.filter(({ order_id }) => !orders.has(order_id)),
    unpaid: [...orders].filter((orderId) => !payments.has(orderId)),
    conflicts: [...payments].filter(([, ids]) => ids.size > 1).map(([orderId]) => orderId),
    invalid: [...invalid],
  });
};

/** What the workload itself says the right end state is. */
export const expectedOf = ({ expected }: Workload): EndState =>
  sorted({
    matched: [...expected.matched()],
    parked: [...expected.parked()],
    unpaid: [...expected.unpaid()],
    conflicts: [...expected.conflicts()],
    invalid: [...expected.invalid()],
  });

const sorted = (state: EndState): EndState => ({
  matched: state.matched.toSorted((one, other) => one.payment_id - other.payment_id),
  parked: state.parked.toSorted((one, other) => one.payment_id - other.payment_id),
  unpaid: state.unpaid.toSorted((one, other) => one - other),
  conflicts: state.conflicts.toSorted((one, other) => one - other),
  invalid: state.invalid.toSorted(),
});
