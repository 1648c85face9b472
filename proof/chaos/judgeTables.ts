import type { InputTopic } from '../../shared/topology.ts';
import { judgeIds } from '../fuzz/judge/judgeMessage.ts';
import { type Accepted, type Cells, keyOf, type Payment, read, textOf, type Version } from './accepted.ts';
import { changedIdsOf, judgeOrder, type OrderCase, paidIdsOf, rivalsAtMs, type Told } from './judgeOrder.ts';
import type { Tables } from './tables.ts';

/** What the tables hold of everything that was accepted, and what is wrong with them. */
export interface Judgement {
  readonly counts: Readonly<Record<Count, number>>;
  /** Messages that are neither in the ledger nor a dead letter `invalid`, one sentence each. */
  readonly lost: readonly string[];
  /** Everything else that is wrong, one sentence each. */
  readonly wrong: readonly string[];
}

export const COUNTS = [
  'orders',
  'versions',
  'payments',
  'malformed',
  'conflicts',
  'changed',
  'rivals',
  'waiting',
  'told',
] as const;
type Count = (typeof COUNTS)[number];

/** The columns of the ledger that tell one message from another. */
const LEDGER_COLUMNS = [
  'order_id',
  'kind',
  'ref',
  'published_at',
  'occurred_at',
  'customer_id',
  'item',
  'quantity',
  'price',
  'shipping_address',
  'order_status',
  'creation_date',
  'payment_method',
  'card_last_four',
  'payment_status',
  'payment_datetime',
];

/**
 * Looks for every accepted message in the tables, and compares every row with the messages.
 * @param accepted each event once.
 * @throws the error of the tables when they cannot be read.
 */
export const judgeTables = async (accepted: Iterable<Accepted>, tables: Tables): Promise<Judgement> => {
  const { valid, malformed } = readAll(accepted);
  const ledger = await judgeLedger(valid, tables);
  const letters = await readDeadLetters(valid, malformed, tables);
  const rows = new Map<bigint, Cells>();
  for await (const row of tables.facts()) rows.set(row['order_id'] as bigint, row);

  const byOrder = Map.groupBy(valid, ({ orderId }) => orderId);
  const orderIds = new Set([...byOrder.keys(), ...rows.keys(), ...letters.told.keys()]);
  const cases = [...orderIds].map((orderId): OrderCase => {
    const said = byOrder.get(orderId) ?? [];
    return {
      orderId,
      versions: said.filter((one) => one.kind === 'order'),
      payments: said.filter((one) => one.kind === 'payment'),
      row: rows.get(orderId),
      told: letters.told.get(orderId) ?? [],
    };
  });
  return {
    counts: {
      ...countCases(cases),
      malformed: malformed.length,
      told: [...letters.told.values()].reduce((sum, { length }) => sum + length, 0),
    },
    lost: [...ledger.lost, ...letters.lost],
    wrong: [...ledger.wrong, ...letters.wrong, ...cases.flatMap(judgeOrder)],
  };
};

const countCases = (cases: readonly OrderCase[]) => {
  const sum = (count: (order: OrderCase) => number): number =>
    cases.reduce((total, order) => total + count(order), 0);
  return {
    orders: sum(({ versions }) => (versions.length > 0 ? 1 : 0)),
    versions: sum(({ versions }) => versions.length),
    payments: sum(({ payments }) => payments.length),
    conflicts: sum((order) => (paidIdsOf(order).length > 1 ? 1 : 0)),
    changed: sum((order) => changedIdsOf(order).length),
    rivals: sum((order) => (rivalsAtMs(order) === undefined ? 0 : 1)),
    waiting: sum(({ versions, payments }) => (versions.length === 0 ? payments.length : 0)),
  };
};

const readAll = (accepted: Iterable<Accepted>) => {
  const valid: (Version | Payment)[] = [];
  const malformed: Accepted[] = [];
  for (const one of accepted) {
    const reading = read(one);
    if (reading.kind === 'malformed') malformed.push(one);
    else valid.push(reading);
  }
  return { valid, malformed };
};

const ledgerText = (said: Version | Payment): string =>
  textOf(
    {
      ...said.cells,
      order_id: said.orderId,
      kind: said.kind,
      ref: said.kind === 'payment' ? said.paymentId : undefined,
      published_at: said.accepted.publishedAtMs,
      occurred_at: said.occurredAtMs,
    },
    LEDGER_COLUMNS,
  );

/** Every message is in the ledger once, and nothing else is (I1). */
const judgeLedger = async (valid: readonly (Version | Payment)[], { ledger }: Tables) => {
  const missing = Map.groupBy(valid, ledgerText);
  const known = new Set(missing.keys());
  const wrong: string[] = [];
  for await (const row of ledger()) {
    const entry = textOf(row, LEDGER_COLUMNS);
    const [, ...left] = missing.get(entry) ?? [];
    if (missing.has(entry)) {
      if (left.length === 0) missing.delete(entry);
      else missing.set(entry, left);
    } else if (known.has(entry)) wrong.push(`I1: a message is in the ledger twice: ${entry}`);
    else wrong.push(`I1: an entry of the ledger is about no message: ${entry}`);
  }
  const lost = [...missing.keys()].map((entry) => `a message is not in the ledger: ${entry}`);
  return { lost, wrong };
};

/** Every malformed message is a dead letter once, with its bytes and its ids. The others are read. */
const readDeadLetters = async (
  valid: readonly (Version | Payment)[],
  malformed: readonly Accepted[],
  { deadLetters }: Tables,
) => {
  const missing = new Map(malformed.map((accepted) => [keyOf(accepted), accepted]));
  const messages = new Map(valid.map((said) => [keyOf(said.accepted), said]));
  const told = new Map<bigint, Told[]>();
  const wrong: string[] = [];
  for await (const row of deadLetters()) {
    const carried = carriedBy(row);
    if (row['reason'] === 'invalid') {
      const problem = missing.delete(keyOf(carried))
        ? wrongIds(row, carried)
        : 'is about no malformed message';
      if (problem !== undefined)
        wrong.push(`I1: dead letter ${String(row['event_id'])} (invalid) ${problem}`);
      continue;
    }
    const about = messages.get(keyOf(carried));
    const orderId = row['order_id'] as bigint | null;
    if (orderId === null || (about !== undefined && about.orderId !== orderId)) {
      wrong.push(`I6: dead letter ${String(row['event_id'])} does not name its order`);
      continue;
    }
    const letter = { reason: String(row['reason']), error: String(row['error']), about };
    told.set(orderId, [...(told.get(orderId) ?? []), letter]);
  }
  const lost = [...missing.keys()].map((key) => `a malformed message is not dead-lettered: ${key}`);
  return { told, lost, wrong };
};

const carriedBy = (row: Cells): Accepted => ({
  topic: String(row['origin_topic']) as InputTopic,
  publishedAtMs: (row['published_at'] as Date).getTime(),
  data: row['payload'] as Uint8Array,
});

const wrongIds = (row: Cells, { data }: Accepted): string | undefined => {
  const { orderId = null, paymentId = null } = judgeIds(data);
  return row['order_id'] === orderId && row['payment_id'] === paymentId
    ? undefined
    : `has not kept the ids ${orderId} and ${paymentId} of its message`;
};
