import type { Delivery, PublishedMessage } from '../../local/pubsub/server/message.ts';
import type { Witness } from '../../local/pubsub/server/witness.ts';
import { DEAD_LETTER_REASONS } from '../../shared/domain/deadLetter.ts';
import { ATTRIBUTE } from '../../shared/messaging/deadLetterAttributes.ts';
import { findSubscription, SUBSCRIPTIONS, type SubscriptionSpec } from '../../shared/topology.ts';
import { eventOf } from './eventOf.ts';
import { type FeedState, isInput, mayHaveTheEvent } from './feedState.ts';
import { addAttempt, type KeptMessage, newKeptMessage } from './keptMessages.ts';
import { sampleBits } from './nextSampling.ts';

/** Hears what the local Pub/Sub does with each message, and keeps count. */
export const createFeedWitness = (state: FeedState): Witness => {
  const { clock, kept, flow } = state;
  const specOf = createSpecOf();
  const settled = (spec: SubscriptionSpec, { ackId, message }: Delivery, how: 'acked' | 'nacked') => {
    if (!isInput(spec)) return undefined;
    const known = kept.byMessage(message.messageId);
    const attempt = known?.attempts.findLast((one) => one.ackId === ackId);
    if (known === undefined || attempt === undefined) return undefined;
    attempt.ended = how;
    attempt.endedAtMs = clock();
    attempt.ackId = undefined;
    return { known, attempt };
  };

  return {
    enqueued: (subscription, message, copies) => {
      const spec = specOf(subscription);
      if (spec === undefined) return;
      const what = published(state, message, spec);
      state.owed.get(spec.name)?.enqueued(message, copies, what === 'replay');
    },
    leased: (subscription, { ackId, message, attempt }) => {
      const spec = specOf(subscription);
      if (spec === undefined) return;
      const nowMs = clock();
      flow.add(spec.name, nowMs);
      const known = isInput(spec) ? kept.byMessage(message.messageId) : undefined;
      if (known !== undefined) addAttempt(known, newAttempt(attempt, spec.consumer, nowMs, ackId));
    },
    acked: (subscription, delivery) => {
      const spec = specOf(subscription);
      if (spec === undefined) return;
      const nowMs = clock();
      const { messageId, publishedAtMs } = delivery.message;
      const first = state.owed.get(spec.name)?.acked(messageId);
      if (isInput(spec) && first !== undefined) {
        state.acked.add(nowMs);
        // Nobody waited for it since it was published.
        if (!first.isReplay) state.endToEnd.add(nowMs, nowMs - publishedAtMs);
      }
      const { known } = settled(spec, delivery, 'acked') ?? {};
      if (known === undefined) return;
      known.ackedAtMs ??= nowMs;
      if (known.eventId !== undefined) state.touch(known);
    },
    nacked: (subscription, delivery, holdMs) => {
      const spec = specOf(subscription);
      if (spec === undefined) return;
      state.retries.add(clock());
      const { known, attempt } = settled(spec, delivery, 'nacked') ?? {};
      if (known === undefined || attempt === undefined) return;
      attempt.holdMs = holdMs;
      known.failed += 1;
      if (known.eventId !== undefined) state.touch(known);
    },
    ...endsWithoutAck(state, specOf),
  };
};

/** What a subscription gets rid of although nobody has acked it. */
const endsWithoutAck = (
  state: FeedState,
  specOf: (subscription: string) => SubscriptionSpec | undefined,
): Pick<Witness, 'forwarded' | 'dropped' | 'unclaimed'> => ({
  forwarded: (subscription, { messageId }) => {
    const spec = specOf(subscription);
    if (spec === undefined) return;
    state.owed.get(spec.name)?.forwarded(messageId);
    state.forwarded.set(spec.name, (state.forwarded.get(spec.name) ?? 0) + 1);
  },
  dropped: (subscription, message) => {
    const spec = specOf(subscription);
    if (spec === undefined) return;
    if (state.owed.get(spec.name)?.dropped(message.messageId) === true)
      lose(state, { message, spec }, 'by a seek, for its age, or with its subscription');
  },
  unclaimed: (topic, message) => {
    const spec = SUBSCRIPTIONS.find((one) => topic.endsWith(`/topics/${one.topic}`));
    if (spec === undefined) return;
    published(state, message, spec);
    lose(state, { message, spec }, 'its topic has no subscription');
  },
});

/** Counts a message of a topic, and keeps it. A seek brings back what it had dropped. */
const published = (state: FeedState, message: PublishedMessage, spec: SubscriptionSpec) => {
  const { clock, kept, flow } = state;
  const nowMs = clock();
  flow.add(spec.topic, nowMs);
  const what = state.events.add(message, spec);
  if (!isInput(spec)) {
    noteTold(state, message, spec);
    return what;
  }
  if (what === 'copy') {
    state.copies.add(nowMs);
    if (isStranger(state, message, spec)) state.strangers += 1;
  }
  if (what !== 'replay') state.published.add(nowMs);
  const known = kept.byMessage(message.messageId);
  if (known === undefined) kept.add(toKept(message, spec));
  else if (known.outcome === 'dropped') {
    Object.assign(known, { outcome: 'on its way', error: null });
    state.touch(known);
  }
  return what;
};

/**
 * Whether it carries an event of this run that nobody has seen. It was forged, or the event is one of those
 * that are not kept any more.
 */
const isStranger = (
  { kept, startedAtMs }: FeedState,
  message: PublishedMessage,
  spec: SubscriptionSpec,
): boolean => {
  const { eventId, publishedAtMs } = eventOf(message, spec);
  return publishedAtMs >= startedAtMs && kept.byEvent(eventId) === undefined;
};

/** What Pub/Sub forgot without an ack. It may have reached the tables all the same: an ack can get lost. */
const lose = (
  state: FeedState,
  { message, spec }: { readonly message: PublishedMessage; readonly spec: SubscriptionSpec },
  why: string,
): void => {
  const { kept } = state;
  if (mayHaveTheEvent(message, spec)) state.dropped.add(message, spec);
  const { eventId } = eventOf(message, spec);
  const known = kept.byMessage(message.messageId) ?? kept.byEvent(eventId);
  if (known === undefined) {
    // It is older than what is kept: it is counted, and no row says so.
    if (isInput(spec)) state.outcomes.add('dropped', state.clock());
    return;
  }
  const named = known.eventId === undefined ? kept.name(known, eventId, sampleBits(eventId)) : known;
  if (named.outcome !== 'on its way' && named.outcome !== 'retry') return;
  state.outcomes.add('dropped', state.clock());
  Object.assign(named, { outcome: 'dropped', error: `Pub/Sub dropped it: ${why}` });
  state.touch(named);
};

/** Other clients may make subscriptions of their own, any number of them. */
const SPECS_MAX = 1_000;

/**
 * Finds the subscription of a full name; undefined for one that is not Tally's. It remembers what it found.
 */
const createSpecOf = () => {
  const specs = new Map<string, SubscriptionSpec | undefined>();
  return (name: string): SubscriptionSpec | undefined => {
    if (!specs.has(name) && specs.size < SPECS_MAX) specs.set(name, findSubscription(name));
    return specs.get(name) ?? findSubscription(name);
  };
};

export const newAttempt = (number: number, name: string | null, startedAtMs: number, ackId?: string) => ({
  number,
  function: name,
  startedAtMs,
  ackId,
  endedAtMs: null,
  ended: undefined,
  answered: undefined,
  isPulled: false,
  outcome: null,
  error: null,
  holdMs: null,
  traceId: null,
});

const toKept = (
  { messageId, publishedAtMs, data, attributes }: PublishedMessage,
  spec: SubscriptionSpec,
): KeptMessage =>
  newKeptMessage({ messageId, topic: spec.origin, publishedAtMs, published: { data, attributes } });

const noteTold = (state: FeedState, message: PublishedMessage, { topic }: SubscriptionSpec): void => {
  const { messageId, publishedAtMs, attributes } = message;
  const eventId = attributes[ATTRIBUTE.eventId];
  if (eventId === undefined) return;
  // Anybody who may publish there may write anything into it.
  const given = attributes[ATTRIBUTE.reason]?.split(',') ?? [];
  const known = DEAD_LETTER_REASONS.filter((reason) => given.includes(reason));
  const reasons = known.length === 0 ? ['forwarded'] : known;
  state.told.add(eventId, { topic, messageId, reasons, publishedAtMs });
};
