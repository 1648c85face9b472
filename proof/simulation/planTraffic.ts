import { createStream, type Random } from '../../functions/simulate/random.ts';
import { ATTRIBUTE } from '../../shared/messaging/deadLetterAttributes.ts';
import { DEAD_LETTER_TOPIC, type Topic } from '../../shared/topology.ts';
import { type Body, type Choice, drawText, invalidOf, orderOf, paymentOf } from './body.ts';
import { type ExpectedEvent, toEvent } from './oracle.ts';
import { EPOCH_MS } from './epochMs.ts';

/** A message of the traffic. */
export interface PlannedMessage {
  readonly topic: Topic;
  /** When it is published, in milliseconds since the run began. */
  readonly atMs: number;
  readonly data: Uint8Array;
  readonly attributes: Readonly<Record<string, string>>;
  readonly event: ExpectedEvent;
}

const MESSAGES = { min: 30, max: 32 } as const;
const DAY_MS = 86_400_000;
const ID_MAX = 2n ** 63n - 1n;

/** One message before its event is known. */
interface Draft {
  readonly body: Body;
  /** The bytes that are sent: those of the body, or the masked ones in a redrive. */
  readonly data: Uint8Array;
  readonly atMs: number;
  readonly topic: Topic;
  readonly attributes: Readonly<Record<string, string>>;
  /** The first publish time that an attribute claims. */
  readonly claimedMs?: number;
}

/**
 * Draws the traffic of a run. Orders and payments come early, late, twice, changed, or not at all, and some
 * orders are paid twice. There are malformed bodies, card numbers, forged attributes, redrives, and messages
 * of strangers on the dead-letter topics. Many publish times are equal.
 */
export const planTraffic = (seed: number): readonly PlannedMessage[] => {
  const random = createStream(2, seed, 0);
  const count = random.integer(MESSAGES.min, MESSAGES.max);
  const orders = random.integer(3, 9);
  const drafts: Draft[] = [];
  for (let nth = 0; nth < count; nth += 1) {
    const earlier = drafts[random.integer(0, Math.max(0, drafts.length - 1))];
    const isAgain = random.chance(0.12);
    const isRedrive = random.chance(0.04);
    if (isRedrive && earlier !== undefined) drafts.push(redriven(earlier, random));
    else if (isAgain && earlier !== undefined) drafts.push(again(earlier, random));
    else drafts.push(drawDraft(orders, random));
  }
  // Several messages may carry one event. They share its ids and its redrive counts.
  const events = new Map<string, ExpectedEvent>();
  return drafts.map((draft) => {
    const event = eventOf(draft);
    const known = events.get(event.eventId) ?? event;
    events.set(event.eventId, known);
    const claimed = draft.attributes[ATTRIBUTE.originMessageId];
    if (claimed !== undefined) known.messageIds.add(claimed);
    const redriveCount = draft.attributes[ATTRIBUTE.redriveCount];
    if (redriveCount !== undefined) known.redriveCounts.add(Number(redriveCount));
    const { topic, atMs, data, attributes } = draft;
    return { topic, atMs, data, attributes, event: known };
  });
};

const drawDraft = (orders: number, random: Random): Draft => {
  const body = drawBody(orders, random);
  const atMs = drawTime(random);
  const isBare = random.chance(0.04);
  const isStranger = random.chance(0.02);
  const isForged = random.chance(0.05);
  const claimedMs = EPOCH_MS + atMs + random.pick([DAY_MS, 1, -1, -1_000, -DAY_MS]);
  const topic = isBare || isStranger ? DEAD_LETTER_TOPIC[body.topic] : body.topic;
  const sent = { body, data: body.bytes, atMs, topic };
  if (isStranger) {
    const reason = random.pick(['conflict', 'unmatched']);
    return { ...sent, attributes: { [ATTRIBUTE.reason]: reason, [ATTRIBUTE.error]: 'a stranger says so' } };
  }
  if (!isForged) return { ...sent, attributes: {} };
  const attributes = { [ATTRIBUTE.originPublishTime]: new Date(claimedMs).toISOString() };
  return { ...sent, attributes, claimedMs };
};

/** The first order is never sent, so a payment for it waits for ever. */
const drawBody = (orders: number, random: Random): Body => {
  const choice: Choice = {
    orderId: drawOrderId(random.integer(1, orders)),
    variant: random.chance(0.2) ? random.integer(1, 3) : 0,
    text: random.chance(0.25) ? drawText(random) : 'a',
  };
  const kind = random.next();
  if (kind < 0.1) return invalidOf(random.chance(0.5) ? 'orders_data' : 'payments_data', random);
  const isSecond = random.chance(0.2);
  if (kind < 0.4 && choice.orderId > 1n) return orderOf(choice);
  return paymentOf(
    choice,
    choice.orderId > 100n ? ID_MAX - (isSecond ? 1n : 0n) : choice.orderId * 10n + (isSecond ? 1n : 0n),
  );
};

/** The ninth order has the largest id that is allowed. */
const drawOrderId = (nth: number): bigint => (nth === 9 ? ID_MAX : BigInt(nth));

/**
 * Most messages are published within 25 ms, so that they race and have equal publish times. Some come later.
 */
const drawTime = (random: Random): number =>
  random.integer(0, 25) + (random.chance(0.3) ? random.integer(0, 6_000) : 0);

/**
 * The same bytes again. In the same millisecond they are the same event, and at another time they are a
 * repeat.
 */
const again = (earlier: Draft, random: Random): Draft => {
  const atMs = random.chance(0.3) ? earlier.atMs : drawTime(random);
  const { claimedMs: _, ...rest } = earlier;
  const { bytes, topic } = earlier.body;
  return { ...rest, data: bytes, atMs, attributes: {}, topic };
};

/**
 * A dead letter that an operator puts back on its topic: the masked bytes, with attributes that name its
 * event.
 */
const redriven = (earlier: Draft, random: Random): Draft => {
  const event = eventOf(earlier);
  return {
    body: earlier.body,
    data: earlier.body.masked,
    topic: earlier.body.topic,
    atMs: earlier.atMs + random.integer(0, 20_000),
    claimedMs: event.publishedAtMs,
    attributes: {
      [ATTRIBUTE.reason]: 'unmatched',
      [ATTRIBUTE.error]: 'redriven',
      [ATTRIBUTE.eventId]: event.eventId,
      [ATTRIBUTE.originTopic]: event.origin,
      [ATTRIBUTE.originMessageId]: 'the-first-one',
      [ATTRIBUTE.originPublishTime]: new Date(event.publishedAtMs).toISOString(),
      [ATTRIBUTE.redriveCount]: '1',
      ...(event.isRedacted ? { [ATTRIBUTE.redacted]: 'card_number' } : {}),
    },
  };
};

/** The first publish time is the message's own publish time, or an earlier one that an attribute claims. */
const eventOf = ({ body, atMs, claimedMs }: Draft): ExpectedEvent =>
  toEvent({
    label: body.label,
    origin: body.topic,
    publishedAtMs: Math.min(EPOCH_MS + atMs, claimedMs ?? Number.POSITIVE_INFINITY),
    content: body.content,
    body: body.masked,
    isRedacted: Buffer.compare(body.masked, body.bytes) !== 0,
  });
