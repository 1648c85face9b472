import type { ConsumeKind } from '../../local/consumeKinds.ts';
import type { Progress } from '../../local/progress.ts';
import type { Books } from './books.ts';
import type { Load } from './load.ts';
import type { Producer } from './producer.ts';
import { createQuorumWatch } from './quorumWatch.ts';
import { planSchedule, type Victim } from './schedule.ts';
import { strike } from './strike.ts';
import type { Target } from './target.ts';

const LOOK_EVERY_MS = 500;

interface RageOptions {
  readonly seed: number;
  readonly minutes: number;
  readonly consume: ConsumeKind;
  readonly targets: Readonly<Record<Victim, Target>>;
  readonly load: Load;
  readonly producer: Producer;
  readonly books: Books;
  /** The time in milliseconds; 0 is now. It never goes back. */
  readonly now: () => number;
  readonly progress: Progress;
}

interface Survived {
  readonly nodes: number;
  readonly processes: number;
  /** How often a quorum of nodes went away while a consumer ran. */
  readonly quorumLosses: number;
  /** It resolves when the last batch and the last story of the traffic are published. */
  readonly traffic: Promise<unknown>;
}

/** Sends traffic and strikes for the given minutes. Every fault is mended when it resolves. */
export const rage = async (options: RageOptions): Promise<Survived> => {
  const { seed, minutes, consume, targets, load, producer, books, now, progress } = options;
  const schedule = planSchedule({ seed, minutes, consume });
  const seconds = minutes * 60;
  const over = new AbortController();
  const timer = setTimeout(() => over.abort(), seconds * 1000);
  const watch = setInterval(() => {
    progress({ step: 'Chaos', done: Math.min(Math.round(now() / 1000), seconds), total: seconds });
  }, LOOK_EVERY_MS);
  const traffic = Promise.all([load.run(over.signal), producer.run(over.signal)]);
  const quorum = createQuorumWatch(consume, books);
  const deps = { targets, now, end: over.signal, onFault: (line: string) => progress({ step: line }) };
  try {
    const [nodes, processes] = await Promise.race([
      Promise.all([
        strike(schedule.nodes, { ...deps, onPhase: quorum.onNodes }),
        strike(schedule.processes, { ...deps, onPhase: quorum.onProcesses }),
        untilAborted(over.signal),
      ]),
      // Only a failure of the traffic may end the race.
      traffic.then(() => new Promise<never>(() => {})),
    ]);
    return { nodes, processes, quorumLosses: quorum.losses(), traffic };
  } finally {
    clearTimeout(timer);
    clearInterval(watch);
    over.abort();
  }
};

const untilAborted = (signal: AbortSignal): Promise<void> => {
  const { promise, resolve } = Promise.withResolvers<void>();
  signal.addEventListener('abort', () => resolve(), { once: true });
  return promise;
};
