import { createStream } from '../../functions/simulate/random.ts';
import { createCassandraStore } from '../../shared/store/cassandraStore.ts';
import type { Log } from '../../shared/telemetry/log.ts';
import { createConsumers } from '../../functions/createConsumers.ts';
import { checkAudit } from './checkAudit.ts';
import { createSimulatedClient } from './cassandra/client.ts';
import { createCluster } from './cassandra/cluster.ts';
import { drawOutages } from './cassandra/timeline.ts';
import { createChecks } from './checks.ts';
import { currentDelivery, leaveDelivery, resume } from './delivery.ts';
import { createFaults, type FaultKind, type Strikes } from './faults.ts';
import { expectedOf } from './oracle.ts';
import { createPubSubModel } from './pubSubModel.ts';
import { createScheduler } from './scheduler.ts';
import { checkTables } from './checkTables.ts';
import { type PlannedMessage, planTraffic } from './planTraffic.ts';
import type { Violation } from './violation.ts';
import type { Delivery, PubSubModel, World } from './world.ts';
import { EPOCH_MS } from './epochMs.ts';

/**
 * A run of about thirty messages takes a few thousand steps. A run with more steps than this does not end.
 */
const EVENTS_MAX = 200_000;
const PURPOSE = { faults: 3, message: 4 } as const;

export interface RunOptions {
  readonly seed: number;
  /** The kinds of faults that may strike. */
  readonly faults: ReadonlySet<FaultKind>;
  /** The numbers of the planned messages that are sent, from 0; undefined for all. */
  readonly messages?: ReadonlySet<number> | undefined;
  readonly trace?: ((line: string) => void) | undefined;
}

export interface RunResult {
  readonly violations: readonly Violation[];
  /** Messages that the traffic published. */
  readonly planned: number;
  /** The numbers of these messages. */
  readonly indexes: readonly number[];
  /** Messages that Pub/Sub took, with dead letters and forwarded messages. */
  readonly accepted: number;
  readonly deliveries: number;
  readonly faults: Strikes;
}

/**
 * Runs the real functions in one simulated world, made from one seed, and reports which promises they broke.
 */
export const runWorld = async ({
  seed,
  faults: allowed,
  messages,
  trace,
}: RunOptions): Promise<RunResult> => {
  const scheduler = createScheduler();
  const fate = createStream(PURPOSE.faults, seed, 0);
  const faults = createFaults(fate, allowed, scheduler.nowMs);
  const cluster = createCluster(drawOutages(fate, faults));
  const pubsub: PubSubModel = createPubSubModel({ world: () => world, push });
  const checks = createChecks(() => cluster);
  const world: World = {
    scheduler,
    faults,
    cluster,
    pubsub,
    checks,
    trace: (line) => trace?.(`${String(scheduler.nowMs()).padStart(7)} ms  ${line()}`),
  };
  const planned: PlannedMessage[] = [];
  const indexes: number[] = [];
  for (const [index, message] of planTraffic(seed).entries()) {
    if (messages?.has(index) === false) continue;
    planned.push(message);
    indexes.push(index);
    const random = createStream(PURPOSE.message, seed, index);
    scheduler.at(message.atMs, () => pubsub.accept({ ...message, random }));
  }

  try {
    await scheduler.run(EVENTS_MAX);
  } catch (error) {
    checks.violated('bug', error instanceof Error ? error.message : String(error));
  }
  leaveDelivery();
  const expected = expectedOf(new Map(planned.map(({ event }) => [event.eventId, event])));
  checkTables(cluster.replicas, expected, checks);
  const first = seed % 3;
  const pair = cluster.replicas.filter((_, index) => index !== first);
  await checkAudit(pair, expected, checks);

  return {
    violations: checks.violations,
    planned: planned.length,
    indexes,
    accepted: pubsub.acceptedCount(),
    deliveries: pubsub.deliveryCount(),
    faults: faults.struck(),
  };
};

const onBug = (fields: object): void => {
  currentDelivery()?.world.checks.violated('bug', `an error was logged: ${JSON.stringify(fields)}`);
};
const LOG: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: onBug };

const running = (): Delivery => {
  const delivery = currentDelivery();
  if (delivery === undefined) throw new Error('the product was called while no delivery was running');
  return delivery;
};

/** One set of functions serves all runs, because the functions keep nothing between two messages. */
const consumers = createConsumers({
  store: createCassandraStore(createSimulatedClient()),
  publisher: {
    publish: (topic, { data, attributes = {} }) => {
      const delivery = running();
      const { event, random } = delivery.message;
      return delivery.world.pubsub.publish(delivery, { topic, data, attributes, event, random });
    },
  },
  clock: () => {
    const { world, clockSkewMs } = running();
    return EPOCH_MS + world.scheduler.nowMs() + clockSkewMs;
  },
  log: LOG,
});

const push = (delivery: Delivery): void => {
  const { message, consumer, world } = delivery;
  const attempt = message.spec.deadLetter === undefined ? '' : `"deliveryAttempt":${message.attempts},`;
  const subscription = `"subscription":"projects/simulated/subscriptions/${message.spec.name}",`;
  const rawBody = Buffer.from(`{${subscription}${attempt}${message.pushTail}`);
  resume(delivery, () => {
    consumers[consumer]({ method: 'POST', headers: {}, rawBody }).then(
      (answer) => {
        world.trace(() => `${consumer} answers ${answer.status} to ${message.id}`);
        world.checks.onAnswer(delivery, answer);
        world.pubsub.onAnswer(delivery, answer.status === 204);
      },
      (error: unknown) => world.checks.violated('bug', `the endpoint threw: ${String(error)}`),
    );
  });
};
