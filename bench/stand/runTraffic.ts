import { postSimulate } from '../../cli/simulate.ts';
import { cpuMsOf, cpuMsOfAll } from '../measure/cpuMsOf.ts';
import type { Said } from './readOutcomes.ts';
import type { Stand } from './stand.ts';
import type { System } from './system.ts';

/** What some traffic has cost. */
export interface Traffic {
  readonly events: number;
  readonly seconds: number;
  /** Deliveries of the input topics that failed. */
  readonly retries: number;
  /** CPU time of the processes, in milliseconds. */
  readonly cpuMs: Readonly<Record<Part, number>>;
}

export const PARTS = ['consumers', 'cassandra', 'pubsub', 'simulator'] as const;
export type Part = (typeof PARTS)[number];

/** Adds two pieces of traffic up. */
export const addTraffic = (a: Traffic, b: Traffic): Traffic => ({
  events: a.events + b.events,
  seconds: a.seconds + b.seconds,
  retries: a.retries + b.retries,
  cpuMs: {
    consumers: a.cpuMs.consumers + b.cpuMs.consumers,
    cassandra: a.cpuMs.cassandra + b.cpuMs.cassandra,
    pubsub: a.cpuMs.pubsub + b.cpuMs.pubsub,
    simulator: a.cpuMs.simulator + b.cpuMs.simulator,
  },
});

/**
 * Asks a system's simulator for traffic, and waits until every message of it is settled.
 * @param request the simulator's request. Without a seed, each traffic has orders of its own.
 */
export const runTraffic = async (stand: Stand, system: System, request: object): Promise<Traffic> => {
  const { outcomes, simulator } = system;
  const before = await outcomes.read();
  const cpuBefore = await cpuOf(stand, system);
  const startedAt = performance.now();
  const answer = await postSimulate(simulator.url, request, new AbortController().signal);
  const events = Number(/"messages":(\d+)/.exec(answer.slice(0, 1_000))?.[1]);
  await system.begin();
  const after: Said = await Promise.race([outcomes.untilSettled(before.inputs + events), stand.died]);
  const seconds = (performance.now() - startedAt) / 1_000;
  const cpuAfter = await cpuOf(stand, system);
  const used = PARTS.map((part): [Part, number] => [part, cpuAfter[part] - cpuBefore[part]]);
  return {
    events,
    seconds,
    retries: after.retries - before.retries,
    cpuMs: Object.fromEntries(used) as Record<Part, number>,
  };
};

const cpuOf = async (stand: Stand, system: System): Promise<Record<Part, number>> => ({
  consumers: await cpuMsOfAll(system.consumerPids),
  cassandra: await cpuMsOfAll(stand.cassandraPids),
  pubsub: await cpuMsOf(stand.pubsubPid),
  simulator: await cpuMsOf(system.simulator.pid),
});
