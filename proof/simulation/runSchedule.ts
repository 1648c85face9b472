import { createStream } from '../../functions/simulate/random.ts';
import { createCassandraOperationsStore } from '../../shared/store/cassandraOperationsStore.ts';
import { createCassandraStore } from '../../shared/store/cassandraStore.ts';
import { createSimulatedClient } from './cassandra/client.ts';
import { createCluster } from './cassandra/cluster.ts';
import { drawOutages } from './cassandra/timeline.ts';
import { checkLedger } from './checkLedger.ts';
import { checkRows } from './checkRows.ts';
import { createChecks } from './checks.ts';
import { EPOCH_MS } from './epochMs.ts';
import { deliverBy } from './deliverBy.ts';
import { createFaults, type FaultKind } from './faults.ts';
import { scheduleErasure, scheduleHeal } from './scheduleErasure.ts';
import type { Erasure, Story } from './oracle.ts';
import type { Carrier } from './planTraffic.ts';
import { createPubSubModel } from './pubSubModel.ts';
import { scheduleRedrive } from './scheduleRedrive.ts';
import { createScheduler } from './scheduler.ts';
import { leaveTask } from './task.ts';
import type { PubSubModel, World } from './world.ts';

/** The stores of all operators. A statement goes to the cluster of the task that sends it. */
const client = createSimulatedClient();
const operations = { ...createCassandraStore(client), ...createCassandraOperationsStore(client) };

/** A schedule of thirty messages takes a few thousand steps. One with more steps than this does not end. */
const EVENTS_MAX = 200_000;
const PURPOSE = { faults: 3, message: 4, erasure: 5, order: 6, heal: 7, redrive: 8 } as const;
/** Each schedule draws from streams of its own. No run has so many messages. */
const STREAMS_OF_SCHEDULE = 1_000;
/**
 * The second schedule begins when everything has been published, as a redelivery of all messages would. No
 * carrier of a run is published later.
 */
const SECOND_AFTER_MS = 60_000;

interface ScheduleOptions {
  readonly seed: number;
  /** 0 for the first schedule. */
  readonly nth: number;
  readonly faults: ReadonlySet<FaultKind>;
  /** By their numbers in the traffic, as the erasures. */
  readonly carriers: ReadonlyMap<number, Carrier>;
  readonly erasures: ReadonlyMap<number, Erasure>;
  readonly story: Story;
  readonly trace: ((line: string) => void) | undefined;
}

/**
 * Runs the traffic under one schedule. In the first, a message arrives when it is published, and is pushed.
 * In the second, all arrive in another order, with the publish times that they had, and are pulled.
 */
export const runSchedule = async (options: ScheduleOptions): Promise<World> => {
  const { seed, nth, carriers, erasures, story, trace } = options;
  const streamOf = (purpose: number, index: number) =>
    createStream(purpose, seed, nth * STREAMS_OF_SCHEDULE + index);
  const scheduler = createScheduler();
  const fate = streamOf(PURPOSE.faults, 0);
  const faults = createFaults(fate, options.faults, scheduler.nowMs);
  const cluster = createCluster(drawOutages(fate, faults));
  const pubsub: PubSubModel = createPubSubModel({
    world: () => world,
    deliver: nth === 0 ? deliverBy.push : deliverBy.pull,
  });
  const beganAtMs = EPOCH_MS + nth * SECOND_AFTER_MS;
  const world: World = {
    scheduler,
    pubsubMs: () => beganAtMs + scheduler.nowMs(),
    faults,
    cluster,
    pubsub,
    checks: createChecks(story, () => cluster),
    trace: (line) => trace?.(`${nth + 1}: ${String(scheduler.nowMs()).padStart(7)} ms  ${line()}`),
  };
  for (const [index, carrier] of carriers) {
    const random = streamOf(PURPOSE.message, index);
    const { atMs } = carrier;
    const arrivesAtMs = nth === 0 ? atMs : random.integer(0, 25) + (random.chance(0.3) ? atMs : 0);
    const publishedAtMs = EPOCH_MS + atMs;
    scheduler.at(arrivesAtMs, () => pubsub.accept({ ...carrier, publishedAtMs, reports: [], random }));
  }
  for (const [index, erasure] of erasures) {
    scheduleErasure({ world, store: operations, random: streamOf(PURPOSE.erasure, index) }, erasure);
  }
  try {
    await scheduler.run(EVENTS_MAX);
    await scheduleRedrive({ world, store: operations, random: streamOf(PURPOSE.redrive, 0) }, story);
    await scheduler.run(EVENTS_MAX);
    // A heal would hide what an erasure has missed, so the ledger and the rows are looked at before it.
    if (erasures.size > 0) checkLedger(cluster.replicas, story, world.checks.violated);
    if (erasures.size > 0) checkRows(cluster.replicas, story, world.checks.violated);
    const erased = new Set([...erasures.values()].map(({ orderId }) => orderId));
    for (const [index, orderId] of [...erased].entries()) {
      scheduleHeal({ world, store: operations, random: streamOf(PURPOSE.heal, index) }, orderId);
    }
    if (erased.size > 0) await scheduler.run(EVENTS_MAX);
  } catch (error) {
    world.checks.violated('bug', error instanceof Error ? error.message : String(error));
  }
  leaveTask();
  return world;
};
