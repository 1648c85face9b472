import { availableParallelism } from 'node:os';
import { type Counts, sumOf } from './counts.ts';
import type { EmulatorName } from './emulators.ts';
import { type Round, SLOW_HANDLER_MS } from './measureRound.ts';
import type { Rounds } from './runRounds.ts';
import { type Spread, spreadOf } from './statistics.ts';

const MIB = 1024 * 1024;

interface Metric {
  readonly title: string;
  readonly digits: number;
  /** The part of a round that it comes from. */
  readonly measure: keyof Round;
  readonly valueOf: (round: Round) => number;
}

export const METRICS = {
  slowPushesPerSecond: {
    title: `pushes per second, handler of ${SLOW_HANDLER_MS} ms`,
    digits: 0,
    measure: 'slowHandler',
    valueOf: ({ slowHandler }) => slowHandler.pushesPerSecond,
  },
  fastPushesPerSecond: {
    title: 'pushes per second, handler that answers at once',
    digits: 0,
    measure: 'fastHandler',
    valueOf: ({ fastHandler }) => fastHandler.pushesPerSecond,
  },
  latencyP50Ms: {
    title: 'publish to push, p50, ms',
    digits: 2,
    measure: 'latency',
    valueOf: ({ latency }) => latency.p50Ms,
  },
  latencyP99Ms: {
    title: 'publish to push, p99, ms',
    digits: 2,
    measure: 'latency',
    valueOf: ({ latency }) => latency.p99Ms,
  },
  memoryBeforeMib: {
    title: 'memory before, MiB',
    digits: 0,
    measure: 'memory',
    valueOf: ({ memory }) => memory.beforeBytes / MIB,
  },
  memoryAfterMib: {
    title: 'memory with the messages queued, MiB',
    digits: 0,
    measure: 'memory',
    valueOf: ({ memory }) => memory.afterBytes / MIB,
  },
  bytesPerMessage: {
    title: 'memory per queued message, bytes',
    digits: 0,
    measure: 'memory',
    valueOf: ({ memory }) => memory.bytesPerMessage,
  },
} as const satisfies Record<string, Metric>;
export type MetricName = keyof typeof METRICS;
export const METRIC_NAMES = Object.keys(METRICS).filter((name): name is MetricName =>
  Object.hasOwn(METRICS, name),
);

interface Comparison {
  readonly ours: Spread;
  /** This and `ratio` are undefined without Google's emulator. */
  readonly google: Spread | undefined;
  /** Our value divided by Google's value of the same round. */
  readonly ratio: Spread | undefined;
}

export interface Summary {
  readonly cpus: number;
  readonly rounds: number;
  readonly emulators: Readonly<Record<EmulatorName, string>>;
  readonly isGoogleMissing: boolean;
  /** The sums over all rounds. They do not contain the queued messages, which nobody receives. */
  readonly counts: Readonly<Record<EmulatorName, Counts>>;
  readonly queued: Readonly<Record<EmulatorName, number>>;
  readonly metrics: Readonly<Record<MetricName, Comparison>>;
}

export const summarize = (rounds: Rounds, emulators: Summary['emulators']): Summary => ({
  cpus: availableParallelism(),
  rounds: rounds.ours.length,
  emulators,
  isGoogleMissing: rounds.google.length === 0,
  counts: { ours: countsOfAll(rounds.ours), google: countsOfAll(rounds.google) },
  queued: { ours: queuedOf(rounds.ours), google: queuedOf(rounds.google) },
  metrics: {
    slowPushesPerSecond: compare(rounds, METRICS.slowPushesPerSecond),
    fastPushesPerSecond: compare(rounds, METRICS.fastPushesPerSecond),
    latencyP50Ms: compare(rounds, METRICS.latencyP50Ms),
    latencyP99Ms: compare(rounds, METRICS.latencyP99Ms),
    memoryBeforeMib: compare(rounds, METRICS.memoryBeforeMib),
    memoryAfterMib: compare(rounds, METRICS.memoryAfterMib),
    bytesPerMessage: compare(rounds, METRICS.bytesPerMessage),
  },
});

const countsOfAll = (rounds: readonly Round[]): Counts =>
  sumOf(rounds.flatMap(({ slowHandler, fastHandler, latency }) => [slowHandler, fastHandler, latency]));

const queuedOf = (rounds: readonly Round[]): number =>
  rounds.reduce((sum, { memory }) => sum + memory.queued, 0);

const compare = (rounds: Rounds, { valueOf }: Metric): Comparison => {
  const ours = rounds.ours.map(valueOf);
  const google = rounds.google.map(valueOf);
  if (google.length === 0) return { ours: spreadOf(ours), google: undefined, ratio: undefined };
  const ratios = ours.map((value, round) => value / (google[round] ?? Number.NaN));
  return { ours: spreadOf(ours), google: spreadOf(google), ratio: spreadOf(ratios) };
};
