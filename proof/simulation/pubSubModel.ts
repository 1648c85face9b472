import type { Random } from '../../functions/simulate/random.ts';
import { TransientError } from '../../shared/errors.ts';
import { SUBSCRIPTIONS, type SubscriptionSpec, type Topic } from '../../shared/topology.ts';
import { callOut } from './task.ts';
import type { Delivery, NewMessage, PubSubModel, QueuedMessage, Task, World } from './world.ts';
import { PUBLISH_TIMEOUT_MS } from '../../shared/deadlines.ts';

/** Far fewer attempts than in production, so that Pub/Sub forwards after an outage of seconds. */
export const SIMULATED_ATTEMPTS_MAX = 5;
const ARRIVAL_MS = { min: 1, max: 40 } as const;
const LATE_MS = { min: 50, max: 30_000 } as const;
const CRASH_CALLS: readonly [number, ...number[]] = [1, 1, 2, 3, 4, 5, 6];
const CLOCK_SKEW_MAX_MS = 3_600_000;

const UNCONFIRMED = new TransientError('publish was not confirmed');

interface PubSubOptions {
  readonly world: () => World;
  /** Hands a delivery to its function, which answers with `onAnswer`. */
  readonly deliver: (delivery: Delivery) => void;
}

/**
 * A model of Pub/Sub that keeps what Pub/Sub promises, and nothing more. It delivers at least once, in any
 * order, and sometimes twice at the same time. It has ack deadlines, lost acks and backoff. After too many
 * attempts it forwards a message to the dead-letter topic, sometimes twice. A test checks it and the local
 * Pub/Sub with one list of promises.
 */
export const createPubSubModel = ({ world: worldOf, deliver: handOver }: PubSubOptions): PubSubModel => {
  let accepted = 0;
  let deliveries = 0;

  const accept = (message: NewMessage): QueuedMessage => {
    const { scheduler, faults, checks, trace, pubsubMs } = worldOf();
    const { topic, random } = message;
    accepted += 1;
    const id = String(accepted);
    const queued = toQueued(message, id, message.publishedAtMs ?? pubsubMs());
    checks.onAccepted(queued);
    trace(() => `${topic} takes ${id}, ${queued.message.label}`);
    const arrivesMs = random.integer(ARRIVAL_MS.min, ARRIVAL_MS.max);
    const lateMs = random.integer(LATE_MS.min, LATE_MS.max);
    const againMs = random.integer(0, 60);
    const isLate = faults.strikes('late-delivery', random);
    scheduler.at(scheduler.nowMs() + (isLate ? lateMs : arrivesMs), () => deliver(queued, false));
    if (faults.strikes('duplicate-delivery', random)) {
      scheduler.at(scheduler.nowMs() + arrivesMs + againMs, () => deliver(queued, true));
    }
    return queued;
  };

  const deliver = (message: QueuedMessage, isDuplicate: boolean): void => {
    if (message.isDone && !isDuplicate) return;
    const world = worldOf();
    const { spec } = message;
    message.attempts += 1;
    deliveries += 1;
    const delivery = drawDelivery(world, message, () => nack(delivery, 'its function is gone'));
    world.trace(() => `${spec.consumer} is given ${message.id}, attempt ${message.attempts}`);
    world.scheduler.at(delivery.startedAtMs + spec.ackDeadlineSeconds * 1_000, () =>
      nack(delivery, 'no answer in time'),
    );
    handOver(delivery);
  };

  const nack = (delivery: Delivery, why: string): void => {
    if (delivery.isAnswered) return;
    delivery.isAnswered = true;
    const { queued: message, world } = delivery;
    if (message.isDone) return;
    const { random, spec } = message;
    const { scheduler, faults } = world;
    world.trace(() => `${message.id} is nacked: ${why}`);
    if (spec.deadLetter !== undefined && message.attempts >= SIMULATED_ATTEMPTS_MAX) {
      forward(message, spec.deadLetter.topic);
      if (faults.strikes('double-forward', random)) forward(message, spec.deadLetter.topic);
      return;
    }
    const backoffMs = random.integer(0, spec.minimumBackoffSeconds * 1_000);
    scheduler.at(scheduler.nowMs() + backoffMs, () => deliver(message, false));
  };

  /**
   * The attributes are those of
   * https://cloud.google.com/pubsub/docs/handling-failures#how_dead_letter_topics_work
   */
  const forward = (message: QueuedMessage, topic: Topic): void => {
    message.isDone = true;
    accept({
      ...message,
      publishedAtMs: undefined,
      topic,
      attributes: {
        ...message.attributes,
        CloudPubSubDeadLetterSourceDeliveryCount: String(message.attempts),
        CloudPubSubDeadLetterSourceSubscriptionProject: 'simulated',
        CloudPubSubDeadLetterSourceSubscription: message.spec.name,
        CloudPubSubDeadLetterSourceTopicPublishTime: new Date(message.publishedAtMs).toISOString(),
      },
    });
  };

  return {
    accept,
    publish: (delivery, message) =>
      callOut(delivery, ({ resolve, reject }) => {
        const { random, world } = delivery;
        const { scheduler, faults } = world;
        const takenAtMs = scheduler.nowMs() + random.integer(1, 20);
        const confirmMs = random.integer(1, 20);
        const againMs = random.integer(0, 2_000);
        const isRefused = faults.strikes('publish-refused', random);
        const isUnconfirmed = faults.strikes('publish-unconfirmed', random);
        const isTwice = faults.strikes('publish-twice', random);
        if (isRefused) return scheduler.at(takenAtMs, () => reject(UNCONFIRMED));
        scheduler.at(takenAtMs, () => {
          const { id } = accept(message);
          world.checks.onDeadLetterTaken(delivery, message);
          if (!isUnconfirmed) scheduler.at(takenAtMs + confirmMs, () => resolve(id));
        });
        if (isUnconfirmed) scheduler.at(scheduler.nowMs() + PUBLISH_TIMEOUT_MS, () => reject(UNCONFIRMED));
        if (isTwice) scheduler.at(takenAtMs + againMs, () => accept(message));
      }),
    onAnswer: (delivery, isAck) => {
      const { queued: message, world } = delivery;
      if (delivery.isAnswered) return;
      if (!isAck) return nack(delivery, 'the function wants it again');
      if (world.faults.strikes('lost-ack', message.random)) return nack(delivery, 'its ack is lost');
      delivery.isAnswered = true;
      message.isDone = true;
      world.trace(() => `${message.id} is acked`);
    },
    acceptedCount: () => accepted,
    deliveryCount: () => deliveries,
  };
};

const subscriptionTo = (topic: Topic): SubscriptionSpec => {
  const spec = SUBSCRIPTIONS.find((subscription) => subscription.topic === topic);
  if (spec === undefined) throw new Error(`no subscription to ${topic}`);
  return spec;
};

const toQueued = (message: NewMessage, id: string, publishedAtMs: number): QueuedMessage => {
  const spec = subscriptionTo(message.topic);
  return { ...message, id, spec, publishedAtMs, pushTail: undefined, attempts: 0, isDone: false };
};

/** Where a process ends. */
export const drawCrash = (
  { faults }: Pick<World, 'faults'>,
  random: Random,
): Pick<Task, 'crashesAtCall' | 'crashesBeforeCall'> => {
  const crashesAtCall = random.pick(CRASH_CALLS);
  const crashesBeforeCall = random.chance(0.5);
  return { crashesAtCall: faults.strikes('crash', random) ? crashesAtCall : 0, crashesBeforeCall };
};

/** A delivery that begins now. Its random draws are made in any case, whether or not a fault strikes. */
const drawDelivery = (world: World, queued: QueuedMessage, onCrash: () => void): Delivery => {
  const { random, spec } = queued;
  const skewMs = random.integer(-CLOCK_SKEW_MAX_MS, CLOCK_SKEW_MAX_MS);
  const isSkewed = world.faults.strikes('clock-skew', random);
  return {
    world,
    name: `${spec.consumer} ${queued.id}`,
    onCrash,
    queued,
    consumer: spec.consumer,
    startedAtMs: world.scheduler.nowMs(),
    random,
    clockSkewMs: isSkewed ? skewMs : 0,
    ...drawCrash(world, random),
    calls: 0,
    isDead: false,
    sawFault: false,
    told: [],
    isAnswered: false,
  };
};
