import { createPublishDeadLetter, type PublishDeadLetter } from '../shared/messaging/publishDeadLetter.ts';
import type { Publisher } from '../shared/messaging/publisher.ts';
import {
  createPushEndpoint,
  type Handler,
  type PushAnswer,
  type PushRequest,
} from '../shared/messaging/pushEndpoint.ts';
import type { Store } from '../shared/store/store.ts';
import type { Log } from '../shared/telemetry/log.ts';
import type { ConsumerFunction } from '../shared/topology.ts';
import { createOnDlq } from './onDlq/handler.ts';
import { createOnOrder } from './onOrder/handler.ts';
import { createOnPayment } from './onPayment/handler.ts';

export interface ConsumerDeps {
  readonly store: Store;
  /** Publishes the dead letters of `onOrder` and `onPayment`. Undefined in a process with only `onDlq`. */
  readonly publisher: Pick<Publisher, 'publish'> | undefined;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  /** One log for all three, or a function that gives each its own. */
  readonly log: Log | ((consumer: ConsumerFunction) => Log);
  /** The Google Cloud project of the traces. Without it, log lines name no trace. */
  readonly projectId?: string | undefined;
  /** The prefix of the subscriptions that push here. Without it, their names have no prefix. */
  readonly environment?: string | undefined;
  /** These two replace a part of a function, so that a test harness can make it fail. */
  readonly wrapHandler?: (handler: Handler, consumer: ConsumerFunction) => Handler;
  readonly wrapPublish?: (publish: PublishDeadLetter) => PublishDeadLetter;
}

type Consumers = Readonly<Record<ConsumerFunction, (request: PushRequest) => Promise<PushAnswer>>>;

/**
 * Makes the three consumers. Each takes a push request and returns the answer to it. Both the deployed
 * functions and every test harness call this, so a harness tests the code that is deployed. `onDlq` never
 * gets the publisher. It cannot publish, so it can never send a message to itself.
 */
export const createConsumers = ({
  store,
  publisher,
  clock,
  log,
  projectId,
  environment,
  wrapHandler = (handler) => handler,
  wrapPublish = (publish) => publish,
}: ConsumerDeps): Consumers => {
  const handleOrder = createOnOrder({ store, clock });
  const handlers = {
    onOrder: handleOrder,
    onPayment: createOnPayment({ store }),
    onDlq: createOnDlq({ store, handleOrder, clock }),
  };
  const publishDeadLetter = publisher && wrapPublish(createPublishDeadLetter(publisher));
  const endpoint = (consumer: ConsumerFunction) =>
    createPushEndpoint({
      consumer,
      handle: wrapHandler(handlers[consumer], consumer),
      publishDeadLetter: consumer === 'onDlq' ? undefined : publishDeadLetter,
      log: typeof log === 'function' ? log(consumer) : log,
      projectId,
      environment,
    });
  return { onOrder: endpoint('onOrder'), onPayment: endpoint('onPayment'), onDlq: endpoint('onDlq') };
};
