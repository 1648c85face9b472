import type { Delivery, PublishedMessage } from '../../local/pubsub/server/message.ts';
import type { Witness } from '../../local/pubsub/server/witness.ts';
import { ATTRIBUTE } from '../../shared/messaging/deadLetterAttributes.ts';
import { findSubscription, type SubscriptionSpec } from '../../shared/topology.ts';
import { type FeedState, isInput, mayHaveTheEvent } from './feedState.ts';
import { addAttempt, type KeptMessage, newKeptMessage } from './keptMessages.ts';

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
      const nowMs = clock();
      flow.add(spec.topic, nowMs);
      const what = state.events.add(message, spec);
      state.owed.get(spec.name)?.enqueued(message, copies, what === 'replay');
      if (!isInput(spec)) return noteTold(state, message, spec);
      if (what === 'copy') state.copies.add(nowMs);
      else if (what !== 'replay') state.published.add(nowMs);
      if (kept.byMessage(message.messageId) === undefined) kept.add(toKept(message, spec));
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
): Pick<Witness, 'forwarded' | 'dropped'> => ({
  forwarded: (subscription, { messageId }) => {
    const spec = specOf(subscription);
    if (spec === undefined) return;
    state.owed.get(spec.name)?.forwarded(messageId);
    state.forwarded.set(spec.name, (state.forwarded.get(spec.name) ?? 0) + 1);
  },
  dropped: (subscription, message) => {
    const spec = specOf(subscription);
    if (spec === undefined) return;
    const isLost = state.owed.get(spec.name)?.dropped(message.messageId) === true;
    if (isLost && mayHaveTheEvent(message, spec)) state.dropped.add(message, spec);
  },
});

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
  const reasons = (attributes[ATTRIBUTE.reason] ?? 'forwarded').split(',');
  state.told.add(eventId, { topic, messageId, reasons, publishedAtMs });
};
