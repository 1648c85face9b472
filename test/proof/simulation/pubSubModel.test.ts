import { describe, expect, it } from 'vitest';
import { createStream } from '../../../functions/simulate/random.ts';
import { FORWARDED_ATTRIBUTE } from '../../../shared/messaging/deadLetterAttributes.ts';
import { brokenPromises } from '../../support/pubsub/pubsubPromises.ts';
import { createCluster } from '../../../proof/simulation/cassandra/cluster.ts';
import { createChecks } from '../../../proof/simulation/checks.ts';
import { createFaults, FAULT_KINDS } from '../../../proof/simulation/faults.ts';
import { createPubSubModel, SIMULATED_ATTEMPTS_MAX } from '../../../proof/simulation/pubSubModel.ts';
import { EPOCH_MS } from '../../../proof/simulation/epochMs.ts';
import { type Message, tellStory } from '../../../proof/simulation/oracle.ts';
import { createScheduler } from '../../../proof/simulation/scheduler.ts';
import { planTraffic } from '../../../proof/simulation/planTraffic.ts';
import type { Delivery, PubSubModel, World } from '../../../proof/simulation/world.ts';

const EVENTS_MAX = 50_000;

/**
 * What happened to the messages of one run. A seed draws the answers of the functions: ack, nack, late, or
 * none.
 */
const fatesOf = async (seed: number) => {
  const scheduler = createScheduler();
  const random = createStream(9, seed, 0);
  const faults = createFaults(random, new Set(FAULT_KINDS), scheduler.nowMs);
  const cluster = createCluster([]);
  const fates = new Map<
    string,
    { attempts: number[]; isAcked: boolean; isDeadLettered: boolean; hasPolicy: boolean }
  >();
  const fateOf = ({ id, spec }: Delivery['queued']) => {
    const fate = fates.get(id) ?? {
      attempts: [],
      isAcked: false,
      isDeadLettered: false,
      hasPolicy: spec.deadLetter !== undefined,
    };
    fates.set(id, fate);
    return fate;
  };
  const forwarded: Message[] = [];
  const push = (delivery: Delivery): void => {
    const { queued: message } = delivery;
    fateOf(message).attempts.push(message.attempts);
    if (message.attributes[FORWARDED_ATTRIBUTE.subscription] !== undefined) forwarded.push(message.message);
    if (random.chance(0.1)) return;
    const isAck = scheduler.nowMs() > 300_000 || random.chance(0.4);
    scheduler.at(scheduler.nowMs() + random.integer(0, random.chance(0.1) ? 70_000 : 500), () => {
      const wasDone = message.isDone;
      pubsub.onAnswer(delivery, isAck);
      if (isAck && !wasDone && message.isDone) fateOf(message).isAcked = true;
    });
  };
  const pubsub: PubSubModel = createPubSubModel({ world: () => world, deliver: push });
  const world: World = {
    scheduler,
    pubsubMs: () => EPOCH_MS + scheduler.nowMs(),
    faults,
    cluster,
    pubsub,
    checks: createChecks(tellStory([], []), () => cluster),
    trace: () => {},
  };
  const messages = planTraffic(seed).carriers.map((carrier, index) => ({
    ...carrier,
    reports: [],
    random: createStream(8, seed, index),
  }));
  const queued = new Map<string, Delivery['queued']>();
  for (const message of messages) {
    scheduler.at(message.atMs, () => {
      const accepted = pubsub.accept(message);
      queued.set(accepted.id, accepted);
    });
  }
  await scheduler.run(EVENTS_MAX);
  for (const [id, { message }] of queued) {
    const fate = fates.get(id);
    if (fate !== undefined && !fate.isAcked) fate.isDeadLettered = forwarded.includes(message);
  }
  return fates;
};

describe('the model of Pub/Sub', () => {
  it('keeps the promises that the local Pub/Sub keeps, with all answers of the functions', async () => {
    let deadLettered = 0;
    for (let seed = 0; seed < 60; seed += 1) {
      for (const [id, fate] of await fatesOf(seed)) {
        deadLettered += fate.isDeadLettered ? 1 : 0;
        expect({ seed, id, broken: brokenPromises(fate, SIMULATED_ATTEMPTS_MAX) }).toEqual({
          seed,
          id,
          broken: [],
        });
      }
    }

    expect(deadLettered).toBeGreaterThan(10);
  });
});
