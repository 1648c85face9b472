import type { PublishedMessage } from '../../local/pubsub/server/message.ts';
import { ATTRIBUTE } from '../../shared/messaging/deadLetterAttributes.ts';
import type { MessageDetail } from '../contract.ts';
import { type SubscriptionSpec, SUBSCRIPTIONS } from '../../shared/topology.ts';
import { createDroppedMessages } from './droppedMessages.ts';
import { createKeptMessages, type KeptMessage } from './keptMessages.ts';
import { createLatencies } from './latencies.ts';
import { createOutages } from './outages.ts';
import { createOwedMessages } from './owedMessages.ts';
import { createPublishedEvents } from './publishedEvents.ts';
import { createRate, createRates } from './rate.ts';

type Told = MessageDetail['told'][number];

/** So many dead letters are kept, as what tells an event. */
const TOLD_KEPT_MAX = 10_000;
/** And so many of one event, the newest: whoever publishes chooses the event that they name. */
const TOLD_OF_EVENT_MAX = 100;

/** Everything that the feed of a local system counts and keeps. All of it has a bound. */
export interface FeedState {
  readonly clock: () => number;
  /** False: no message of Pub/Sub is seen, only the lines of the functions. */
  readonly isWitnessed: boolean;
  readonly startedAtMs: number;
  readonly kept: ReturnType<typeof createKeptMessages>;
  readonly owed: ReadonlyMap<string, ReturnType<typeof createOwedMessages>>;
  readonly dropped: ReturnType<typeof createDroppedMessages>;
  readonly events: ReturnType<typeof createPublishedEvents>;
  /** Messages of the input topics. */
  readonly published: ReturnType<typeof createRate>;
  readonly acked: ReturnType<typeof createRate>;
  readonly retries: ReturnType<typeof createRate>;
  readonly copies: ReturnType<typeof createRate>;
  /** By topic, by subscription, by function, and by table. Their names differ. */
  readonly flow: ReturnType<typeof createRates>;
  /** By function: answered with a retry. */
  readonly refused: ReturnType<typeof createRates>;
  /** By function and what was told: `onOrder/invalid`. */
  readonly tells: ReturnType<typeof createRates>;
  /** By outcome, and `findings` beside it. */
  readonly outcomes: ReturnType<typeof createRates>;
  /** `calm` and `others`: what there is to be listed. */
  readonly listable: ReturnType<typeof createRates>;
  readonly endToEnd: ReturnType<typeof createLatencies>;
  /** By function: how long it handled a message. */
  readonly handling: ReadonlyMap<string, ReturnType<typeof createLatencies>>;
  /** How many messages Pub/Sub has forwarded from a subscription. */
  readonly forwarded: Map<string, number>;
  readonly told: ReturnType<typeof createToldMessages>;
  readonly outages: ReturnType<typeof createOutages>;
  /** Messages that say that they carry an earlier event, which nobody has seen here. */
  strangers: number;
  /** Grows with each dead letter that was recorded. */
  deadLettersVersion: number;
  /** Called when a message has changed in a way that a row shows. */
  readonly touch: (message: KeptMessage) => void;
}

export const createFeedState = ({
  clock,
  isWitnessed,
  touch,
}: Pick<FeedState, 'clock' | 'isWitnessed' | 'touch'>): FeedState => ({
  clock,
  isWitnessed,
  startedAtMs: clock(),
  kept: createKeptMessages(),
  owed: new Map(SUBSCRIPTIONS.map(({ name }) => [name, createOwedMessages()])),
  dropped: createDroppedMessages(),
  events: createPublishedEvents(),
  published: createRate(),
  acked: createRate(),
  retries: createRate(),
  copies: createRate(),
  flow: createRates(),
  refused: createRates(),
  tells: createRates(),
  outcomes: createRates(),
  listable: createRates(),
  endToEnd: createLatencies(),
  handling: new Map(SUBSCRIPTIONS.map(({ consumer }) => [consumer, createLatencies()])),
  forwarded: new Map(),
  told: createToldMessages(),
  outages: createOutages(),
  strangers: 0,
  deadLettersVersion: 0,
  touch,
});

/** Whether it is one of the input topics' subscriptions. */
export const isInput = ({ topic, origin }: SubscriptionSpec): boolean => topic === origin;

/** Whether the message may be the only place of its event. The valid event of a dead letter is in a table. */
export const mayHaveTheEvent = ({ attributes }: PublishedMessage, spec: SubscriptionSpec): boolean => {
  const reasons = attributes[ATTRIBUTE.reason];
  return isInput(spec) || reasons === undefined || reasons.split(',').includes('invalid');
};

/** The dead letters of the last events. */
const createToldMessages = () => {
  const events = new Map<string, Told[]>();
  return {
    add: (eventId: string, told: Told): void => {
      events.set(eventId, [...(events.get(eventId) ?? []), told].slice(-TOLD_OF_EVENT_MAX));
      const [oldest] = events.keys();
      if (events.size > TOLD_KEPT_MAX && oldest !== undefined) events.delete(oldest);
    },
    of: (eventId: string): readonly Told[] => events.get(eventId) ?? [],
  };
};
