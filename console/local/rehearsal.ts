import { CASSANDRA_DELAY_MS_MAX } from '../../local/cassandra/startSwitchableCassandra.ts';
import { projectOf } from '../../local/compose.ts';
import { FAULTS_OFF, type FaultSettings } from '../../local/pubsub/server/faults.ts';
import { SUBSCRIPTIONS } from '../../shared/topology.ts';
import type { LocalControls } from '../consoleDeps.ts';
import type { FaultsState, Notice, Sums } from '../contract.ts';
import type { Feed, FeedFrame } from '../feed/feed.ts';
import { backlogOf } from './backlogOf.ts';
import type { SumsSource } from '../sums/liveSums.ts';
import { createOutageWatch } from './outageWatch.ts';
import { describePubSubFaults, faultsThatAreOn } from './describePubSubFaults.ts';

const LOOK_EVERY_MS = 1_000;
const DONE_MAX = 50;
/** The subscriptions whose messages a producer has sent. */
const INPUTS = SUBSCRIPTIONS.filter(({ deadLetter }) => deadLetter !== undefined).map(({ name }) => name);

/** What a person breaks on purpose in a local system, what was done, and how it ended. */
export interface Rehearsal {
  readonly state: () => FaultsState;
  /** What every view has to say while something is broken. The worst comes first. */
  readonly notices: () => readonly Notice[];
  /** Throws when this kind of Cassandra has no switch, or is not in the state for it. */
  readonly stopCassandra: () => Promise<void>;
  readonly startCassandra: () => Promise<void>;
  /** Throws when this kind of Cassandra has no switch. @param delayMs 0 to 10,000. */
  readonly slowCassandra: (delayMs: number) => void;
  /** Throws when this Pub/Sub has no faults. */
  readonly setFaults: (settings: FaultSettings) => void;
  /** Ends the faults of Pub/Sub and the delay of Cassandra. Does not start a Cassandra that is stopped. */
  readonly turnAllOff: () => void;
  readonly close: () => void;
}

interface RehearsalDeps {
  readonly local: LocalControls;
  readonly feed: Pick<Feed, 'open'>;
  readonly sums: Pick<SumsSource, 'sums' | 'again'>;
  readonly clock: () => number;
}

export const createRehearsal = ({ local, feed, sums, clock }: RehearsalDeps): Rehearsal => {
  const { cassandra, pubsubFaults } = local.switches;
  const { done, note } = createDoneList(clock);
  const { watch, look, stop, wasAwayMs } = followOutages({ local, feed, sums, clock }, note);
  /** Since when there are the faults that are on now. */
  let faultsSinceMs = clock();
  const always = noticesOfStore(local, clock());

  const atOnce = async (act: Promise<void>): Promise<void> => {
    look();
    try {
      await act;
    } finally {
      look();
    }
  };
  const change = (work: () => void): void => {
    const wasNone = whatIsOn(local).length === 0;
    work();
    if (wasNone) faultsSinceMs = clock();
  };
  const switchOf = () => {
    if (cassandra === undefined) throw new Error(cannotSwitch(local));
    return cassandra;
  };

  return {
    state: () => ({
      cassandra: describeCassandra(local, wasAwayMs()),
      ...describePubSubFaults(local),
      done,
      waiting: watch.waiting(),
      outages: watch.outages(),
    }),
    notices: () => [...noticesOf(local, faultsSinceMs), ...always],
    stopCassandra: async () => atOnce(switchOf().stop()),
    startCassandra: async () => atOnce(switchOf().start()),
    slowCassandra: (delayMs) => {
      const { slow } = switchOf();
      change(() => slow(delayMs));
      note(
        delayMs === 0
          ? 'Cassandra answers at once'
          : `Cassandra slower by ${delayMs.toLocaleString('en')} ms`,
      );
    },
    setFaults: (settings) => {
      if (pubsubFaults === undefined) throw new Error('this Pub/Sub has no faults');
      change(() => pubsubFaults.set(settings));
      const now = faultsThatAreOn(settings);
      note(now.length === 0 ? 'Pub/Sub: all off' : now.join(', '));
    },
    turnAllOff: () => {
      pubsubFaults?.set(FAULTS_OFF);
      cassandra?.slow(0);
      note('all off');
    },
    close: stop,
  };
};

/** Looks every second at Cassandra and at what waits, and notes how an outage goes. */
const followOutages = ({ local, feed, sums, clock }: RehearsalDeps, note: (text: string) => void) => {
  const watch = createOutageWatch();
  const reader = feed.open({ text: '', topic: '', outcomes: [] });
  let wasAwayMs: number | null = null;
  const look = (): void => {
    const state = local.switches.cassandra?.state();
    for (const text of watch.look(clock(), state, readingOf(reader.next(), sums.sums()))) note(text);
    // Nothing changes any more, so nobody else asks for a count.
    if (watch.awaitsCount()) sums.again();
    const [last] = watch.outages().slice(-1);
    if (last?.toMs !== undefined && last.toMs !== null) wasAwayMs = last.toMs - last.fromMs;
  };
  look();
  const timer = setInterval(look, LOOK_EVERY_MS);
  return {
    watch,
    look,
    wasAwayMs: () => wasAwayMs,
    stop: (): void => {
      clearInterval(timer);
      reader.close();
    },
  };
};

const createDoneList = (clock: () => number) => {
  const done: { readonly atMs: number; readonly text: string }[] = [];
  const note = (text: string): void => {
    done.unshift({ atMs: clock(), text });
    done.splice(DONE_MAX);
  };
  return { done, note };
};

const readingOf = (frame: FeedFrame, { countedAtMs, lost, problem }: Sums) => ({
  backlog: backlogOf(frame, INPUTS),
  retries: frame.figures.retries.total,
  counted: { atMs: countedAtMs, lost: problem === null ? lost : null },
});

const describeCassandra = (local: LocalControls, wasAwayMs: number | null): FaultsState['cassandra'] => {
  const {
    cassandra: { address },
    switches,
  } = local;
  const state = switches.cassandra?.state();
  return {
    address,
    state: state?.name ?? null,
    sinceMs: state?.sinceMs ?? null,
    delayMs: state?.delayMs ?? 0,
    delayMsMax: CASSANDRA_DELAY_MS_MAX,
    wasAwayMs,
    problem: state?.problem ?? null,
    cannot: state === undefined ? cannotSwitch(local) : null,
  };
};

const cannotSwitch = ({ cassandra: { kind, address } }: LocalControls): string => {
  switch (kind) {
    case 'external':
      return 'Tally did not start this Cassandra, so it does not stop it.';
    case 'docker':
      return (
        'This Cassandra runs in Docker. Stop it in a terminal, and start it with "start" in place of "stop": ' +
        `docker compose -p ${projectOf(new URL(`http://${address}`).port)} -f local/docker-compose.yml stop cassandra`
      );
    case 'memory':
      return 'There is no Cassandra: the store is the memory of this process.';
    default:
      return `A Cassandra of the kind ${kind} cannot be stopped from here.`;
  }
};

const AWAY = {
  running: undefined,
  starting: 'It is starting.',
  stopping: 'It is being stopped.',
  stopped: 'It is stopped. The functions answer 503, and Pub/Sub keeps the messages.',
  died: 'It ended by itself. The functions answer 503, and Pub/Sub keeps the messages.',
} as const;

/** The faults that are on now, apart from an outage. */
const whatIsOn = ({ switches: { cassandra, pubsubFaults } }: LocalControls): readonly string[] => {
  const { delayMs = 0 } = cassandra?.state() ?? {};
  return [
    ...(pubsubFaults === undefined ? [] : faultsThatAreOn(pubsubFaults.settings())),
    ...(delayMs === 0 ? [] : [`Cassandra slower by ${delayMs} ms`]),
  ];
};

/** What the terminal prints with `!!!`, as one line. Its first words are the title of the strip. */
const noticesOfStore = ({ cassandra: { notice } }: LocalControls, sinceMs: number): readonly Notice[] => {
  if (notice === undefined) return [];
  const text = notice
    .replaceAll(/\s*!!! /g, ' ')
    .trim()
    .replace('No Cassandra: t', 'T');
  return [{ kind: 'memory', sinceMs, text }];
};

const noticesOf = (local: LocalControls, faultsSinceMs: number): readonly Notice[] => {
  const state = local.switches.cassandra?.state();
  const away = state && AWAY[state.name];
  const on = whatIsOn(local);
  return [
    ...(state === undefined || away === undefined
      ? []
      : [{ kind: 'cassandra', sinceMs: state.sinceMs, text: away } as const]),
    ...(on.length === 0 ? [] : [{ kind: 'faults', sinceMs: faultsSinceMs, text: on.join(', ') } as const]),
  ];
};
