import { type ConsumerDeps, createConsumerParts, createConsumers } from '../../functions/createConsumers.ts';
import { type ConsumerParts, createSettleMessage } from '../../shared/messaging/settleMessage.ts';
import type { PushAnswer } from '../../shared/messaging/pushEndpoint.ts';
import { createCassandraStore } from '../../shared/store/cassandraStore.ts';
import type { Log } from '../../shared/telemetry/log.ts';
import { CARD } from './body.ts';
import { createSimulatedClient } from './cassandra/client.ts';
import { currentTask, resume } from './task.ts';
import type { Delivery, QueuedMessage, Task } from './world.ts';

const watchLog = (fields: object): void => {
  const { checks } = running().world;
  const isInSome = Object.values(fields).some((value) => typeof value === 'string' && value.includes(CARD));
  if (isInSome) checks.violated('I8', 'a card number is in a log line');
};
const onBug = (fields: object): void => {
  running().world.checks.violated('bug', `an error was logged: ${JSON.stringify(fields)}`);
};
const LOG: Log = { debug: watchLog, info: watchLog, warn: watchLog, error: onBug };

const running = (): Task => {
  const task = currentTask();
  if (task === undefined) throw new Error('the product was called while no task was running');
  return task;
};

const isDelivery = (task: Task): task is Delivery => 'queued' in task;

const DEPS: ConsumerDeps = {
  store: createCassandraStore(createSimulatedClient()),
  publisher: {
    publish: (topic, { data, attributes = {} }) => {
      const delivery = running();
      if (!isDelivery(delivery)) throw new Error('only a delivery may publish');
      const { message, random } = delivery.queued;
      const reports = (attributes['tally_reason'] ?? '').split(',');
      return delivery.world.pubsub.publish(delivery, { topic, data, attributes, message, reports, random });
    },
  },
  clock: () => {
    const { world, clockSkewMs } = running();
    return world.pubsubMs() + clockSkewMs;
  },
  log: LOG,
};

// One set of functions serves all runs, because the functions keep nothing between two messages.
const consumers = createConsumers(DEPS);
const parts = createConsumerParts(DEPS);
const settlerOf = (of: ConsumerParts) => createSettleMessage(of);
const settlers = {
  onOrder: settlerOf(parts.onOrder),
  onPayment: settlerOf(parts.onPayment),
  onDlq: settlerOf(parts.onDlq),
};

const pathOf = ({ spec }: QueuedMessage): string => `projects/simulated/subscriptions/${spec.name}`;

/** The push endpoint of the function is given the body of a request. */
const push = (delivery: Delivery): void => {
  const { queued, consumer } = delivery;
  const attempt = queued.spec.deadLetter === undefined ? '' : `"deliveryAttempt":${queued.attempts},`;
  queued.pushTail ??= pushTailOf(queued);
  const rawBody = Buffer.from(`{"subscription":"${pathOf(queued)}",${attempt}${queued.pushTail}`);
  settle(delivery, () => consumers[consumer]({ method: 'POST', headers: {}, rawBody }));
};

const pushTailOf = ({ id, data, attributes, publishedAtMs }: QueuedMessage): string => {
  const publishTime = new Date(publishedAtMs).toISOString();
  return `"message":${JSON.stringify({
    data: Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64'),
    ...(Object.keys(attributes).length === 0 ? {} : { attributes }),
    messageId: id,
    message_id: id,
    publishTime,
    publish_time: publishTime,
  })}}`;
};

/** The worker pool has pulled the message. */
const pull = (delivery: Delivery): void => {
  const { queued, consumer } = delivery;
  const { spec, id, data, attributes, publishedAtMs, attempts } = queued;
  const message = {
    subscription: pathOf(queued),
    messageId: id,
    publishTimeMs: publishedAtMs,
    data,
    attributes,
    deliveryAttempt: spec.deadLetter === undefined ? undefined : attempts,
  };
  settle(delivery, async () => {
    const answer = await settlers[consumer](message, spec, { startedAt: performance.now() });
    return { status: answer === 'ack' ? 204 : 503 };
  });
};

const settle = (delivery: Delivery, run: () => Promise<PushAnswer>): void => {
  const { queued, consumer, world } = delivery;
  resume(delivery, () => {
    run().then(
      (answer) => {
        world.trace(() => `${consumer} answers ${answer.status} to ${queued.id}`);
        world.checks.onAnswer(delivery, answer);
        world.pubsub.onAnswer(delivery, answer.status === 204);
      },
      (error: unknown) => world.checks.violated('bug', `the endpoint threw: ${String(error)}`),
    );
  });
};

/** The two ways in which a message reaches its function. Both answer as an endpoint does. */
export const deliverBy = { push, pull } as const;
