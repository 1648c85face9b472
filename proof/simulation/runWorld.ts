import { checkAudit } from './checkAudit.ts';
import { checkCards } from './checkCards.ts';
import { checkDeadLetters } from './checkDeadLetters.ts';
import { checkLedger } from './checkLedger.ts';
import { checkRows } from './checkRows.ts';
import { compareDumps } from './compareDumps.ts';
import { addStrikes, type FaultKind, type Strikes } from './faults.ts';
import { tellStory } from './oracle.ts';
import { planTraffic } from './planTraffic.ts';
import { runSchedule } from './runSchedule.ts';
import type { Violation } from './violation.ts';

export interface RunOptions {
  readonly seed: number;
  /** The kinds of faults that may strike. */
  readonly faults: ReadonlySet<FaultKind>;
  /** The numbers of the planned messages and erasures that happen, from 0; undefined for all. */
  readonly messages?: ReadonlySet<number> | undefined;
  readonly trace?: ((line: string) => void) | undefined;
}

export interface RunResult {
  readonly violations: readonly Violation[];
  /** Messages that the traffic published. */
  readonly planned: number;
  /** The numbers of these messages, and of the erasures, which come after them. */
  readonly indexes: readonly number[];
  /** Messages that Pub/Sub took, with dead letters and forwarded messages, in both schedules. */
  readonly accepted: number;
  readonly deliveries: number;
  readonly faults: Strikes;
}

/**
 * Runs the real functions in a simulated world, made from one seed, and reports which promises they broke.
 * Then it runs the same messages under another schedule, with other faults, and compares what both leave
 * (I4).
 */
export const runWorld = async ({ seed, faults, messages, trace }: RunOptions): Promise<RunResult> => {
  const traffic = planTraffic(seed);
  const happens = (index: number): boolean => messages?.has(index) !== false;
  const carriers = new Map([...traffic.carriers.entries()].filter(([index]) => happens(index)));
  const erasures = new Map(
    traffic.erasures
      .map((erasure, nth) => [traffic.carriers.length + nth, erasure] as const)
      .filter(([index]) => happens(index)),
  );
  const unique = new Set([...carriers.values()].map(({ message }) => message));
  const story = tellStory([...unique], [...erasures.values()]);
  const run = (nth: number) => runSchedule({ seed, nth, faults, carriers, erasures, story, trace });

  const first = await run(0);
  const { replicas } = first.cluster;
  const { violations } = first.checks;
  const check = ({ cluster, checks }: typeof first): void => {
    checkLedger(cluster.replicas, story, checks.violated);
    checkRows(cluster.replicas, story, checks.violated);
    checkDeadLetters(cluster.replicas, story, checks);
    checkCards(cluster.replicas, checks.violated);
  };
  check(first);
  const pair = replicas.filter((_, index) => index !== seed % replicas.length);
  await checkAudit(pair, story, first.checks);
  const result = { planned: carriers.size, indexes: [...carriers.keys(), ...erasures.keys()] };
  // What the first schedule breaks, the second would only repeat.
  if (violations.length > 0) return { ...result, ...countsOf([first]), violations };

  const second = await run(1);
  check(second);
  compareDumps(replicas, second.cluster.replicas, second.checks.violated);
  return { ...result, ...countsOf([first, second]), violations: second.checks.violations };
};

const countsOf = (schedules: readonly Awaited<ReturnType<typeof runSchedule>>[]) => {
  const struck = new Map<FaultKind, number>();
  for (const { faults } of schedules) addStrikes(struck, faults.struck());
  const sum = (count: (one: (typeof schedules)[number]) => number): number =>
    schedules.reduce((total, one) => total + count(one), 0);
  return {
    accepted: sum(({ pubsub }) => pubsub.acceptedCount()),
    deliveries: sum(({ pubsub }) => pubsub.deliveryCount()),
    faults: struck,
  };
};
