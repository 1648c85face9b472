import { createStream, type Random } from '../../functions/simulate/random.ts';
import { ATTRIBUTE } from '../../shared/messaging/deadLetterAttributes.ts';
import { DEAD_LETTER_TOPIC, type Topic } from '../../shared/topology.ts';
import { type Body, orderOf, type SaidOrder } from './body.ts';
import { drawBody } from './drawBody.ts';
import { EPOCH_MS } from './epochMs.ts';
import { findTie } from './findTie.ts';
import type { Erasure, Message } from './oracle.ts';

/** A message of the traffic, on the way to a subscription. */
export interface Carrier {
  readonly topic: Topic;
  /** When this carrier is published, in milliseconds since the run began. */
  readonly atMs: number;
  readonly data: Uint8Array;
  readonly attributes: Readonly<Record<string, string>>;
  readonly message: Message;
}

/** All that happens to a run from outside. */
interface Traffic {
  readonly carriers: readonly Carrier[];
  readonly erasures: readonly Erasure[];
}

const CARRIERS = { min: 30, max: 32 } as const;
const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const DAY_MS = 24 * 60 * MINUTE_MS;
const ERASURES_MAX = 2;

/** One carrier before all carriers of its message are known. */
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
 * Draws the traffic of a run. Orders and payments come early, late, twice, changed, or not at all. Producers
 * send times of their own, behind and ahead, and many versions of an order have equal times. Statuses move,
 * payments are declined, refunded or paid twice. There are malformed bodies, card numbers, forged attributes,
 * redrives, bare messages on the dead-letter topics, and erasures.
 */
export const planTraffic = (seed: number): Traffic => {
  const random = createStream(2, seed, 0);
  const count = random.integer(CARRIERS.min, CARRIERS.max);
  const orders = random.integer(3, 8);
  const drafts: Draft[] = [];
  for (let nth = 0; nth < count; nth += 1) {
    const earlier = drafts[random.integer(0, Math.max(0, drafts.length - 1))];
    const isAgain = random.chance(0.1);
    const isRedrive = random.chance(0.05);
    const isTie = random.chance(0.08);
    if (isRedrive && earlier !== undefined) drafts.push(redriven(earlier, random));
    else if (isAgain && earlier !== undefined) drafts.push(again(earlier, random));
    else drafts.push((isTie ? drawTie(drafts, random) : undefined) ?? drawDraft(orders, random));
  }
  return { carriers: withMessages(drafts), erasures: drawErasures(drafts, random) };
};

/** Several carriers may bring one message. */
const withMessages = (drafts: readonly Draft[]): readonly Carrier[] => {
  const known = new Map<string, Message & { claimedIds: Set<string>; claimedRedrives: Set<number> }>();
  return drafts.map((draft) => {
    const drawn = messageOf(draft);
    const key = `${drawn.origin} ${drawn.publishedAtMs} ${Buffer.from(drawn.body).toString('latin1')}`;
    const message = known.get(key) ?? drawn;
    known.set(key, message);
    const { topic, atMs, data, attributes } = draft;
    const claimedId = attributes[ATTRIBUTE.originMessageId];
    if (claimedId !== undefined) message.claimedIds.add(claimedId);
    message.claimedRedrives.add(Number(attributes[ATTRIBUTE.redriveCount] ?? 0));
    return { topic, atMs, data, attributes, message };
  });
};

/** The first publish time is the carrier's own publish time, or an earlier one that an attribute claims. */
const messageOf = ({ body, atMs, claimedMs }: Draft) => ({
  label: body.label,
  origin: body.topic,
  publishedAtMs: Math.min(EPOCH_MS + atMs, claimedMs ?? Number.POSITIVE_INFINITY),
  body: body.masked,
  isRedacted: Buffer.compare(body.masked, body.bytes) !== 0,
  said: body.said,
  claimedIds: new Set<string>(),
  claimedRedrives: new Set<number>(),
});

const drawDraft = (orders: number, random: Random): Draft => {
  const atMs = drawTime(random);
  const body = drawBody(orders, atMs, random);
  const isBare = random.chance(0.05);
  const isForged = random.chance(0.06);
  const claimedMs = EPOCH_MS + atMs + random.pick([DAY_MS, 1, -1, -SECOND_MS, -6 * MINUTE_MS]);
  const forged = random.pick(['the past', 'a reason', 'a finding']);
  const topic = isBare ? DEAD_LETTER_TOPIC[body.topic] : body.topic;
  const sent = { body, data: body.bytes, atMs, topic };
  if (!isForged) return { ...sent, attributes: {} };
  // Only what Tally itself publishes has a reason that it knows, and the finding with it.
  if (forged === 'a reason') return { ...sent, attributes: { [ATTRIBUTE.reason]: 'a stranger says so' } };
  if (forged === 'a finding') return { ...sent, attributes: { [ATTRIBUTE.reason]: 'conflict' } };
  const attributes = { [ATTRIBUTE.originPublishTime]: new Date(claimedMs).toISOString() };
  return { ...sent, attributes, claimedMs };
};

/** Most carriers are published in a few requests, so that they race and have equal times. Some come later. */
const drawTime = (random: Random): number =>
  5 * random.integer(0, 5) + (random.chance(0.3) ? random.integer(0, 6_000) : 0);

/** The first order that came to its own topic. */
const firstOrder = (
  drafts: readonly Draft[],
): { readonly draft: Draft; readonly said: SaidOrder } | undefined => {
  for (const draft of drafts) {
    const { said } = draft.body;
    if (said.kind === 'order' && draft.topic === 'orders_data') return { draft, said };
  }
  return undefined;
};

/** Another version of an earlier order, with contents of its own and the very same write time. */
const drawTie = (drafts: readonly Draft[], random: Random): Draft | undefined => {
  const first = firstOrder(drafts);
  const variant = random.integer(0, 3);
  const isGuest = random.chance(0.3);
  const atMs = drawTime(random);
  if (first === undefined) return undefined;
  const message = messageOf(first.draft);
  const { orderId, occurredAtMs } = first.said;
  // Without a producer's time, both must be in one request.
  const time = occurredAtMs === undefined ? first.draft.atMs : atMs;
  const body = findTie(message, EPOCH_MS + time, (filler) =>
    orderOf({ orderId, variant, text: 'a', isGuest, occurredAtMs, filler }),
  );
  return body && { body, data: body.bytes, atMs: time, topic: body.topic, attributes: {} };
};

/**
 * The same bytes again. In the same millisecond they are the same message, and at another time they are a
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
 * message.
 */
const redriven = (earlier: Draft, random: Random): Draft => {
  const message = messageOf(earlier);
  return {
    body: earlier.body,
    data: earlier.body.masked,
    topic: earlier.body.topic,
    atMs: earlier.atMs + random.integer(0, 20_000),
    claimedMs: message.publishedAtMs,
    attributes: {
      [ATTRIBUTE.reason]: 'unmatched',
      [ATTRIBUTE.error]: 'redriven',
      [ATTRIBUTE.originTopic]: message.origin,
      [ATTRIBUTE.originMessageId]: 'the-first-one',
      [ATTRIBUTE.originPublishTime]: new Date(message.publishedAtMs).toISOString(),
      [ATTRIBUTE.redriveCount]: '1',
      ...(message.isRedacted ? { [ATTRIBUTE.redacted]: 'card_number' } : {}),
    },
  };
};

/** Erasures of orders that are in the traffic. The order with the ties is erased most often. */
const drawErasures = (drafts: readonly Draft[], random: Random): readonly Erasure[] => {
  const count = random.chance(0.35) ? random.integer(1, ERASURES_MAX) : 0;
  const orderIds = drafts.flatMap(({ body }) => (body.said.kind === 'invalid' ? [] : body.said.orderId));
  const tied = firstOrder(drafts)?.said.orderId;
  return Array.from({ length: count }, (_, nth) => {
    const drawn = orderIds[random.integer(0, Math.max(0, orderIds.length - 1))] ?? 0n;
    const orderId = random.chance(0.5) ? (tied ?? drawn) : drawn;
    // Two erasures of one order and one time would be one decision.
    return { orderId, publishedAtMs: EPOCH_MS + 2 * drawTime(random) + nth };
  });
};
