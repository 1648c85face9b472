import { ATTRIBUTE } from '../../shared/messaging/deadLetterAttributes.ts';
import { placeOf } from '../simulation/cassandra/cells.ts';
import type { Replica } from '../simulation/cassandra/replica.ts';
import { tableNamed } from '../simulation/cassandra/statements.ts';
import { type Body, orderOf, paymentOf } from '../simulation/body.ts';
import {
  type Content,
  DEAD_LETTERS,
  type Expected,
  expectedOf,
  FACTS,
  LEDGER,
  toEvent,
} from '../simulation/oracle.ts';
import { checkTables } from '../simulation/checkTables.ts';
import type { HandlerNodes } from './handlerNodes.ts';
import type { SmallWorldName } from './smallWorldNames.ts';
import { linesOf, type Path } from './path.ts';
import { ScriptedHandlers, type SmallMessage } from './scriptedHandlers.ts';
import type { Violation } from '../simulation/violation.ts';
import { EPOCH_MS } from '../simulation/epochMs.ts';

const choice = { orderId: 1n, variant: 0, text: 'a' };
const ORDER = orderOf(choice);
const CHANGED_ORDER = orderOf({ ...choice, variant: 1 });
const PAYMENT = paymentOf(choice, 10n);
const CHANGED_PAYMENT = paymentOf({ ...choice, variant: 1 }, 10n);
const SECOND_PAYMENT = paymentOf(choice, 11n);

/** The messages that are published in each small world. */
export const SMALL_WORLDS = {
  'an order and its payment': [ORDER, PAYMENT],
  'an order and a changed one': [ORDER, CHANGED_ORDER],
  'an order and two payments': [ORDER, PAYMENT, SECOND_PAYMENT],
  'an order and a payment that changes': [ORDER, PAYMENT, CHANGED_PAYMENT],
} as const satisfies Readonly<Record<SmallWorldName, readonly Body[]>>;

/** What a search needs to know about a small world. */
export interface SearchedWorld {
  readonly handlers: HandlerNodes;
  /** The numbers of the published messages. */
  readonly messages: readonly number[];
  /** Whether no handler ever reads what a write writes. */
  readonly isUnread: (write: number) => boolean;
  /**
   * What is wrong with tables that have these writes when all messages are acked; undefined when they are
   * right. Each dead letter among the published messages must have left its row.
   */
  readonly judge: (bits: number, published: readonly number[]) => string | undefined;
  /**
   * Whether a payment that is delivered to `onPayment` must be reported, when a quorum has these writes: its
   * order is here and shows a payment, and the ledger has another payment than this one.
   */
  readonly owesConflict: (message: number, bits: number) => boolean;
  /** The writes on which `owesConflict` depends, as bits. */
  readonly watchedBy: (message: number) => number;
  /** Whether a message reports a conflict. */
  readonly isConflict: (message: number) => boolean;
  /** The steps of a path, one line for each. */
  readonly linesOf: (path: Path | undefined) => readonly string[];
}

export interface SmallWorld extends SearchedWorld {
  readonly handlers: ScriptedHandlers;
}

/** A small world before its first step. Each message is published one millisecond after the one before it. */
export const createSmallWorld = (bodies: readonly Body[]): SmallWorld => {
  const handlers = new ScriptedHandlers();
  const messages = bodies.map(({ topic, bytes }) => handlers.message({ topic, data: bytes, attributes: {} }));
  const expected = expectedOf(
    new Map(
      bodies.map(({ masked, topic, ...body }, index) => {
        const publishedAtMs = EPOCH_MS + (messages[index] ?? 0);
        const event = toEvent({ ...body, body: masked, origin: topic, publishedAtMs, isRedacted: false });
        event.messageIds.add('1');
        return [event.eventId, event];
      }),
    ),
  );
  const payments = new Map<number, PaymentContent>();
  for (const [index, { content }] of bodies.entries()) {
    if (content.kind === 'payment') payments.set(messages[index] ?? -1, content);
  }
  const judged = new Map<string, string | undefined>();
  return {
    handlers,
    owesConflict: (message, bits) => {
      const payment = payments.get(message);
      return payment !== undefined && isPaidBefore(handlers.replicaWith(bits), payment);
    },
    watchedBy: (message) => {
      const payment = payments.get(message);
      const others = [...payments.values()].filter(({ paymentId }) => paymentId !== payment?.paymentId);
      return payment === undefined || others.length === 0 ? 0 : writesBefore(handlers, payment);
    },
    linesOf: (path) => linesOf(path, handlers),
    isConflict: (message) => handlers.messages[message]?.attributes[ATTRIBUTE.reason] === 'conflict',
    messages,
    isUnread: (write) => handlers.writes[write]?.every(({ table }) => table.name === DEAD_LETTERS) === true,
    judge: (bits, published) => {
      const required = [
        ...new Set(published.flatMap((number) => rowOf(handlers.messages[number]) ?? [])),
      ].toSorted();
      const key = `${bits} ${required.join()}`;
      if (!judged.has(key)) judged.set(key, judgeTables(handlers.replicaWith(bits), expected, required));
      return judged.get(key);
    },
  };
};

type PaymentContent = Extract<Content, { readonly kind: 'payment' }>;

const isPaidBefore = (replica: Replica, { orderId, paymentId }: PaymentContent): boolean => {
  const order = String(orderId);
  const fact = replica.cells(FACTS, order, '');
  const shows = (column: string): boolean => fact?.[placeOf(tableNamed(FACTS), column)] !== undefined;
  const isOther = ({ partition, row }: { readonly partition: string; readonly row: string }): boolean =>
    partition === order && !row.startsWith(`${paymentId}/`);
  return shows('customer_id') && shows('payment_id') && [...replica.rows(LEDGER)].some(isOther);
};

/** The writes that `isPaidBefore` looks at, as bits. */
const writesBefore = ({ writes }: ScriptedHandlers, { paymentId }: PaymentContent): number => {
  let bits = 0;
  for (const [write, rows] of writes.entries()) {
    const isLookedAt = rows.some(
      ({ table, row }) => table.name === FACTS || (table.name === LEDGER && !row.startsWith(`${paymentId}/`)),
    );
    if (isLookedAt) bits |= 1 << write;
  }
  return bits;
};

/** The row that a dead letter of Tally leaves; undefined for another message. */
const rowOf = (message: SmallMessage | undefined): string | undefined => {
  const { [ATTRIBUTE.eventId]: eventId, [ATTRIBUTE.reason]: reason } = message?.attributes ?? {};
  return eventId === undefined ? undefined : `${eventId}/${reason}`;
};

const judgeTables = (
  replica: Replica,
  expected: Expected,
  required: readonly string[],
): string | undefined => {
  const violations: Violation[] = [];
  const payments = [...expected.events.values()].filter(({ content }) => content.kind === 'payment');
  const explained = payments.flatMap(({ eventId }) => [`${eventId}/unmatched`, `${eventId}/conflict`]);
  checkTables([replica, replica, replica], expected, {
    violated: (invariant, detail) => violations.push({ invariant, detail }),
    explained: new Set(explained),
    required: new Set(required),
  });
  const [first] = violations;
  return first && `${first.invariant}: ${first.detail}`;
};
