import { isPresent } from './cassandra/cells.ts';
import type { Replica, StoredRow } from './cassandra/replica.ts';
import { deadLetterHolders } from './deadLetterHolders.ts';
import { checkSentences } from './checkSentences.ts';
import { checkTold } from './checkTold.ts';
import { EPOCH_MS } from './epochMs.ts';
import { isCarriedBy, isPayloadErased, valueIn } from './isDeadLetterOf.ts';
import { mergedRows } from './mergedRows.ts';
import { pairsOf } from './pairsOf.ts';
import { couldBeTold, DEAD_LETTERS, isCovered, LEDGER, type Message, QUORUM, type Story } from './oracle.ts';
import type { Checks } from './world.ts';

/** A function's clock is off by an hour at most, and no run lasts longer than an hour. */
const CLOCK_MAX_MS = 2 * 3_600_000;

const FINDINGS: readonly string[] = ['conflict', 'changed', 'rivals'];

/** What the dead letters of a schedule are compared with. */
interface Known {
  readonly story: Story;
  readonly carrierIds: Checks['carrierIds'];
  readonly redriven: Checks['redriven'];
  /** The events in the ledger, as order and event id. */
  readonly eventsInLedger: ReadonlySet<string>;
}

/** I1: each dead letter is about a message that was sent. I6: what people must be told, they are told. */
export const checkDeadLetters = (
  replicas: readonly Replica[],
  story: Story,
  { violated, carrierIds, redriven }: Pick<Checks, 'violated' | 'carrierIds' | 'redriven'>,
): void => {
  const rows = [...mergedRows(replicas, DEAD_LETTERS).values()].filter(({ cells }) => isPresent(cells));
  const entries = [...mergedRows(replicas, LEDGER).values()];
  const eventsInLedger = new Set(entries.map(({ partition, keys }) => `${partition} ${String(keys[3])}`));
  for (const row of rows) {
    const message = story.messages.find((one) => isCarriedBy(row, one));
    const reason = String(valueIn(row, 'reason'));
    if (message === undefined) {
      violated('I1', `a dead letter of no message: ${reason}, ${String(valueIn(row, 'error'))}`);
      continue;
    }
    for (const what of findWrong(row, message, { story, carrierIds, redriven, eventsInLedger })) {
      violated('I1', `the dead letter (${reason}) of ${message.label} has ${what}`);
    }
    const { said } = message;
    const order = said.kind === 'invalid' ? undefined : story.orders.get(said.orderId);
    if (order === undefined) continue;
    if (couldBeTold(order).has(reason)) checkSentences(row, message, order, violated);
    else violated('I6', `order ${order.orderId} is reported (${reason}), and no message shows that`);
  }
  for (const message of story.messages) {
    const isMissing =
      message.said.kind === 'invalid' && deadLetterHolders(replicas, message, 'invalid') < QUORUM;
    if (isMissing) violated('I1', `${message.label} has no dead letter`);
  }
  checkTold(rows, story, violated);
  checkErased(replicas, story, violated);
};

/** I1: no quorum shows a person's data that was erased. */
const checkErased = (replicas: readonly Replica[], story: Story, violated: Checks['violated']): void => {
  const erased = story.messages.filter((message) => mustBeErased(message, story));
  if (erased.length === 0) return;
  for (const pair of pairsOf(replicas)) {
    for (const row of mergedRows(pair, DEAD_LETTERS).values()) {
      const message = isPayloadErased(row) ? undefined : erased.find((one) => isCarriedBy(row, one));
      if (message === undefined) continue;
      violated('I1', `a dead letter of ${message.label} still has its payload, which was erased`);
    }
  }
};

/** A person's data in it was erased, and after the last message somebody healed the order. */
const mustBeErased = (message: Message, { orders }: Story): boolean => {
  const order = message.said.kind === 'invalid' ? undefined : orders.get(message.said.orderId);
  return order !== undefined && isCovered(message, order);
};

/** What a dead letter says, and no message that may have told it. */
const findWrong = (
  row: StoredRow,
  message: Message,
  { story, carrierIds, redriven, eventsInLedger }: Known,
): readonly string[] => {
  const { said } = message;
  const reason = String(valueIn(row, 'reason'));
  // Two messages of one publish time may tell one finding. Then each column comes from one of them.
  // So it is where an erasure has taken the bytes, which alone told them apart. A redrive of such a dead
  // letter hands the id and the count on.
  const isErased = isPayloadErased(row);
  const isMixed = FINDINGS.includes(reason) || isErased;
  const tellers = isMixed ? alikeIn(story, message) : [message];
  const carried = isMixed || redriven.has(message) ? alikeIn(story, message) : [message];
  const someSay = (isRight: (teller: Message) => boolean): boolean => tellers.some(isRight);
  const [id, redrives, size, error, recordedAt] = [
    String(valueIn(row, 'origin_message_id')),
    Number(valueIn(row, 'redrive_count')),
    valueIn(row, 'payload_bytes'),
    valueIn(row, 'error'),
    valueIn(row, 'recorded_at'),
  ];
  const isOnSomeClock =
    recordedAt instanceof Date && Math.abs(recordedAt.getTime() - EPOCH_MS) < CLOCK_MAX_MS;
  const right: Readonly<Record<string, boolean>> = {
    'another reason':
      (said.kind === 'invalid') === (reason === 'invalid') &&
      (said.kind === 'payment' || reason !== 'unmatched'),
    'no error': typeof error === 'string' && error !== '',
    'another mark of masking': someSay(({ isRedacted }) => isRedacted === valueIn(row, 'redacted')),
    [`message id ${id}`]: carried.some(
      (one) => carrierIds.get(one)?.has(id) === true || one.claimedIds.has(id),
    ),
    [`${redrives} redrives`]: carried.some(
      (one) => one.claimedRedrives.has(redrives) || redriven.get(one)?.has(redrives) === true,
    ),
    'another size': isErased ? size === undefined : someSay(({ body }) => body.byteLength === size),
    'a time on no clock': isOnSomeClock,
    ...(said.kind === 'invalid' ? {} : subjectOf(said.orderId)),
  };
  return Object.keys(right).filter((what) => right[what] === false);

  function subjectOf(orderId: bigint): Readonly<Record<string, boolean>> {
    return {
      'another order': valueIn(row, 'order_id') === orderId,
      'another payment': someSay((one) => paymentIdOf(one) === valueIn(row, 'payment_id')),
      'no entry in the ledger': eventsInLedger.has(`${orderId} ${String(valueIn(row, 'told_by'))}`),
    };
  }
};

/** The messages of the same order, or the invalid ones, with the same publish time and topic. */
const alikeIn = (
  { orders, messages }: Story,
  { said, origin, publishedAtMs }: Message,
): readonly Message[] => {
  const order = said.kind === 'invalid' ? undefined : orders.get(said.orderId);
  const others =
    order === undefined
      ? messages.filter((one) => one.said.kind === 'invalid' && one.origin === origin)
      : [...order.versions, ...order.payments];
  return others.filter((one) => one.publishedAtMs === publishedAtMs);
};

const paymentIdOf = ({ said }: Message): bigint | undefined =>
  said.kind === 'payment' ? said.paymentId : undefined;
