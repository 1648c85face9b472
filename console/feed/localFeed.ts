import type { Witness } from '../../local/pubsub/server/witness.ts';
import type { Frame, Notice, StreamFilter } from '../contract.ts';
import type { Books } from './books.ts';
import { createBooks } from './books.ts';
import type { Feed } from './feed.ts';
import { createFeedReader } from './feedReader.ts';
import { createFeedState, type FeedState } from './feedState.ts';
import { createFeedWitness } from './feedWitness.ts';
import { edgesOf, figuresOf } from './figuresOf.ts';
import { createHistory, HISTORY_STEP_MS } from './history.ts';
import { keptOf, messageDetail } from './messageDetail.ts';
import { createOutcomes } from './outcomes.ts';
import { EVERYTHING, nextSampling } from './nextSampling.ts';
import { createWaitingList } from './waitingList.ts';

/** How often the history and the sampling are looked at. */
const TICK_MS = 500;
/** All connections share the figures of a moment. */
const FIGURES_MS = 200;

/** The feed of a system that runs in this process. */
export interface LocalFeed extends Feed {
  /** Gets every line of the functions. Pass it to `startLocal`. */
  readonly onFunctionLine: (name: string, line: string) => void;
  /** Sees every message. Pass it to the local Pub/Sub; no other kind has one. */
  readonly witness: Witness;
  /** What the sums are compared with. */
  readonly books: Books;
  /** The page asks again for what has changed. */
  readonly changed: (what: Exclude<keyof Frame['versions'], 'tables'>) => void;
  /** The store has answered somebody else, or has failed. It tells an outage when no message comes. */
  readonly storeAnswered: (isAnswer: boolean) => void;
  readonly stop: () => void;
}

interface LocalFeedOptions {
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  /**
   * False when the Pub/Sub is not Tally's own: then only lines are known, and what they do not say is null.
   */
  readonly isWitnessed: boolean;
}

/**
 * What is known of the messages and the rates of a local system, from the lines of its functions and from its
 * Pub/Sub. All that it keeps is bounded, beside what Pub/Sub itself still owes.
 */
export const createLocalFeed = ({ clock, isWitnessed }: LocalFeedOptions): LocalFeed => {
  const readers = new Set<ReturnType<typeof createFeedReader>>();
  const state: FeedState = createFeedState({
    clock,
    isWitnessed,
    touch: (message) => {
      for (const reader of readers) reader.offer(message);
    },
  });
  const versions = { sums: 0, deadLetters: 0, jobs: 0 };
  const history = createHistory();
  const listWaiting = createWaitingList(state);
  let sampling = EVERYTHING;
  const tick = (): void => {
    const nowMs = clock();
    sampling = nextSampling(sampling, {
      calm: state.listable.perSecond('calm', nowMs),
      others: state.listable.perSecond('others', nowMs),
    });
    history.tick(nowMs, () => ({
      published: isWitnessed ? state.published.total() : null,
      acked: state.acked.total(),
      took: state.endToEnd.percentiles(nowMs, HISTORY_STEP_MS),
    }));
    listWaiting();
  };
  const timer = setInterval(tick, TICK_MS).unref();
  const shared = sharedFigures(state);
  const books = createBooks(state);

  return {
    onFunctionLine: createOutcomes(state),
    witness: createFeedWitness(state),
    books,
    open: (filter: StreamFilter) => {
      const reader = createFeedReader(filter, state.kept.all(), () => sampling);
      readers.add(reader);
      return {
        next: () => ({
          ...shared(),
          sampling,
          ...reader.take(),
          notices: noticesOf(state),
          versions: {
            ...versions,
            deadLetters: versions.deadLetters + state.deadLettersVersion,
            tables: books.version(),
          },
          source: {
            name: isWitnessed ? 'this system’s Pub/Sub and functions' : 'the functions’ lines',
            ageMs: 0,
          },
        }),
        close: () => readers.delete(reader),
      };
    },
    messageOf: (key) => messageDetail(state, key),
    forgetPayload: (key) => state.kept.forgetPayload(keptOf(state.kept, key)),
    history: (sinceMs) => ({
      stepMs: HISTORY_STEP_MS,
      points: history.since(sinceMs),
      outages: state.outages.since(sinceMs, clock()),
    }),
    changed: (what) => {
      versions[what] += 1;
    },
    storeAnswered: (isAnswer) => state.outages[isAnswer ? 'answered' : 'failed'](clock()),
    stop: () => clearInterval(timer),
  };
};

const noticesOf = ({ outages, clock }: FeedState): Notice[] => {
  const notice = outages.notice(clock());
  return notice === undefined ? [] : [notice];
};

const sharedFigures = (state: FeedState) => {
  let last: Pick<Frame, 'atMs' | 'figures' | 'edges'> | undefined;
  return (): Pick<Frame, 'atMs' | 'figures' | 'edges'> => {
    const nowMs = state.clock();
    if (last === undefined || nowMs - last.atMs >= FIGURES_MS) {
      last = { atMs: nowMs, figures: figuresOf(state, nowMs), edges: edgesOf(state, nowMs) };
    }
    return last;
  };
};
