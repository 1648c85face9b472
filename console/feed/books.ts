import { setImmediate as nextTurn } from 'node:timers/promises';
import type { PublishedMessage } from '../../local/pubsub/server/message.ts';
import { type SubscriptionSpec, SUBSCRIPTIONS } from '../../shared/topology.ts';
import { eventOf } from './eventOf.ts';
import { type FeedState, mayHaveTheEvent } from './feedState.ts';

/** The ids of more messages than this are not computed each time. The sum says so, and waits. */
const ON_THEIR_WAY_MAX = 50_000;
/** Between so many ids, the other work of this process goes on. */
const IDS_AT_ONCE = 200;

/** What Pub/Sub knows of the events that were published before one moment. */
export interface Snapshot {
  /** Events whose publish time is before this moment, and no others. */
  readonly beforeMs: number;
  /** How many were published since the system was started. */
  readonly published: number;
  /** More were published, in the millisecond that this snapshot ends with. The next one has them. */
  readonly leftOut: number;
  /** Messages that had the bytes and the millisecond of another: both are one event. */
  readonly repeated: number;
  /** Messages that carry an event which was published before. */
  readonly redriven: number;
  /** Messages that say that they carry an earlier event of this run, which nobody has seen. */
  readonly strangers: number;
  /** Those that are not acked, with their publish time: they may be in the tables, or not yet. */
  readonly onTheirWay: ReadonlyMap<string, number>;
  /** Those that Pub/Sub has dropped without an ack, by a seek or for their age: in the tables, or not. */
  readonly dropped: ReadonlyMap<string, number>;
  /** Acked ones among the newest 10,000, which the tables must have: so that what is lost has a name. */
  readonly acked: ReadonlySet<string>;
}

export interface Books {
  readonly startedAtMs: number;
  /** Undefined: this Pub/Sub does not say what was published. A text: why there is no snapshot now. */
  readonly snapshot: () => Promise<Snapshot | string | undefined>;
  /** Grows with everything that may change the sums. */
  readonly version: () => number;
  /** How many messages that carry a known event were published: redrives, and what was forwarded. */
  readonly copies: () => number;
  /** Everything that was published before this moment is acked. */
  readonly settledUpToMs: () => number;
  /** Messages a second, now. */
  readonly perSecond: () => number;
}

export const createBooks = (state: FeedState): Books => {
  const { clock, owed, events, dropped, acked, copies, published, outcomes, isWitnessed, startedAtMs } =
    state;
  return {
    startedAtMs,
    version: () =>
      published.total() +
      acked.total() +
      dropped.count() +
      outcomes.total('matched') +
      state.deadLettersVersion,
    copies: copies.total,
    perSecond: () => acked.perSecond(clock()),
    settledUpToMs: () =>
      isWitnessed
        ? Math.min(clock(), ...[...owed.values()].map((one) => one.oldestMs() ?? Number.POSITIVE_INFINITY))
        : 0,
    snapshot: async () => {
      if (!isWitnessed) return undefined;
      const { total, newestAtMs, inNewest, repeated } = events.counts();
      // Pub/Sub's times never go back. So after this turn nothing is published before the newest millisecond,
      // and nothing in it either once the clock shows a later one.
      const nowMs = clock();
      const isOver = nowMs > newestAtMs;
      const waiting = messagesOnTheirWay(state);
      if (waiting.length > ON_THEIR_WAY_MAX) {
        return `${waiting.length} messages are on their way: it is counted when fewer are`;
      }
      const forgotten = dropped.all();
      if (forgotten === undefined)
        return `Pub/Sub has dropped ${dropped.count()} messages without an ack, too many to look for`;
      const beforeMs = isOver ? nowMs : newestAtMs;
      const ackedIds = ackedBefore(state, beforeMs);
      return {
        beforeMs,
        published: isOver ? total : total - inNewest,
        leftOut: isOver ? 0 : inNewest,
        repeated,
        redriven: copies.total() - state.strangers,
        strangers: state.strangers,
        onTheirWay: await eventsOf(waiting, beforeMs),
        dropped: await eventsOf(forgotten, beforeMs),
        acked: ackedIds,
      };
    },
  };
};

interface Waiting {
  readonly message: PublishedMessage;
  readonly spec: SubscriptionSpec;
}

/**
 * An event is on its way until one copy of its message is acked. An invalid one is acked when its dead letter
 * is published, and then it is on its way as that, until `onDlq` has recorded it.
 */
const messagesOnTheirWay = ({ owed }: FeedState): readonly Waiting[] =>
  SUBSCRIPTIONS.flatMap((spec) =>
    [...(owed.get(spec.name)?.all() ?? [])]
      .filter(({ message, isAcked }) => !isAcked && mayHaveTheEvent(message, spec))
      .map(({ message }) => ({ message, spec })),
  );

const ackedBefore = ({ kept }: FeedState, beforeMs: number): ReadonlySet<string> => {
  const ids = new Set<string>();
  for (const { eventId, ackedAtMs, publishedAtMs, outcome } of kept.all()) {
    // What `onDlq` has recorded of an invalid one is not looked up here: its own dead letter may be on its
    // way.
    if (eventId !== undefined && ackedAtMs !== null && publishedAtMs < beforeMs && outcome !== 'invalid')
      ids.add(eventId);
  }
  return ids;
};

const eventsOf = async (
  waiting: readonly Waiting[],
  beforeMs: number,
): Promise<ReadonlyMap<string, number>> => {
  const events = new Map<string, number>();
  for (const [index, { message, spec }] of waiting.entries()) {
    const { eventId, publishedAtMs } = eventOf(message, spec);
    if (publishedAtMs < beforeMs) events.set(eventId, publishedAtMs);
    if (index % IDS_AT_ONCE === IDS_AT_ONCE - 1) await nextTurn();
  }
  return events;
};
