import type * as fc from 'fast-check';
import { createMemoryStore } from '../../../shared/store/memoryStore.ts';
import type { Store } from '../../../shared/store/store.ts';
import {
  type ConsumerFunction,
  type InputTopic,
  SUBSCRIPTIONS,
  type Topic,
} from '../../../shared/topology.ts';
import { createConsumers } from '../../../functions/createConsumers.ts';
import { createRecordingLog } from './recordingLog.ts';
import { PUBLISHED_AT_MS } from '../messages/domain.ts';

/** A message as a producer sends it. Pub/Sub delivers it, and each of its dead letters, so many times. */
export interface SentMessage {
  readonly topic: InputTopic;
  readonly body: string;
  readonly publishedAtMs: number;
  readonly deliveries: number;
}

/** The time of the handlers' clocks, which stand still. */
export const HANDLED_AT_MS = PUBLISHED_AT_MS + 60_000;

/**
 * Delivers all messages at once to the three functions, on one in-memory store. The scheduler picks the order
 * of all deliveries and statements.
 * @returns the store once all work is done.
 */
export const runHistory = async (
  messages: readonly SentMessage[],
  scheduler: fc.Scheduler,
): Promise<ReturnType<typeof createMemoryStore>> => {
  const memory = createMemoryStore();
  const deliver = createDelivery(scheduled(memory, scheduler), scheduler);

  await scheduler.waitFor(
    Promise.all(messages.map((message, index) => deliver(message.topic, message, `${index + 1}`))),
  );
  return memory;
};

interface Delivered {
  readonly body: string | Uint8Array;
  readonly attributes?: Readonly<Record<string, string>>;
  readonly publishedAtMs: number;
  readonly deliveries: number;
}

type Deliver = (topic: Topic, message: Delivered, messageId: string) => Promise<void>;

const createDelivery = (store: Store, scheduler: fc.Scheduler): Deliver => {
  const { log } = createRecordingLog('error');

  const push = async (
    consumer: ConsumerFunction,
    subscription: string,
    message: Delivered,
    messageId: string,
  ) => {
    const deadLetters: Promise<void>[] = [];
    const consumers = createConsumers({
      store,
      publisher: {
        publish: async (topic, { data, attributes = {} }) => {
          const deadLetter = { ...message, body: data, attributes, publishedAtMs: HANDLED_AT_MS };
          deadLetters.push(deliver(topic, deadLetter, `${messageId}-dead`));
          return `${messageId}-dead`;
        },
      },
      clock: () => HANDLED_AT_MS,
      log,
    });
    const answer = await consumers[consumer]({
      method: 'POST',
      headers: {},
      rawBody: Buffer.from(
        JSON.stringify({
          subscription: `projects/tally-local/subscriptions/${subscription}`,
          message: {
            data: Buffer.from(message.body).toString('base64'),
            attributes: message.attributes ?? {},
            messageId,
            publishTime: new Date(message.publishedAtMs).toISOString(),
          },
        }),
      ),
    });
    if (answer.status !== 204)
      throw new Error(`${consumer} answered ${answer.status} to message ${messageId}`);
    await Promise.all(deadLetters);
  };

  const deliver: Deliver = async (topic, message, messageId) => {
    const spec = SUBSCRIPTIONS.find((subscription) => subscription.topic === topic);
    if (spec === undefined) throw new Error(`no subscription to ${topic}`);
    const deliveries = Array.from({ length: message.deliveries }, async () => {
      await scheduler.schedule(Promise.resolve(), `deliver ${messageId} to ${spec.consumer}`);
      await push(spec.consumer, spec.name, message, messageId);
    });
    await Promise.all(deliveries);
  };
  return deliver;
};

/** The store, but the scheduler decides when each statement is done. */
const scheduled = (store: Store, scheduler: fc.Scheduler): Store => {
  const wrap =
    <Args extends readonly unknown[], Result>(name: string, call: (...args: Args) => Promise<Result>) =>
    async (...args: Args): Promise<Result> => {
      await scheduler.schedule(Promise.resolve(), `before ${name}`);
      const result = await call(...args);
      await scheduler.schedule(Promise.resolve(), `after ${name}`);
      return result;
    };
  return {
    recordEntry: wrap('recordEntry', store.recordEntry),
    findEntries: wrap('findEntries', store.findEntries),
    showOrder: wrap('showOrder', store.showOrder),
    recordDeadLetter: wrap('recordDeadLetter', store.recordDeadLetter),
    close: store.close,
  };
};
