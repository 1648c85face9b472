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
  /** Where `onOrder` and `onPayment` publish dead letters. A process that serves `onDlq` alone has none. */
  readonly publisher?: Pick<Publisher, 'publish'>;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  /** One for all of them, or one each. */
  readonly log: Log | ((consumer: ConsumerFunction) => Log);
  /** The Google Cloud project whose traces the log names. Default: no project. */
  readonly projectId?: string | undefined;
  /** The prefix of the subscriptions that push here. Default: none. */
  readonly environment?: string | undefined;
  /** Replaces a part of a function, so that a harness can make it fail. */
  readonly wrapHandler?: (handler: Handler, consumer: ConsumerFunction) => Handler;
  readonly wrapPublish?: (publish: PublishDeadLetter) => PublishDeadLetter;
}

export type Consumers = Readonly<Record<ConsumerFunction, (request: PushRequest) => Promise<PushAnswer>>>;

/**
 * The three consumers, from a push body to its answer. The deployed functions and every harness are built here, so what a
 * harness proves is what runs. `onDlq` never gets the publisher: a function that cannot publish cannot feed itself.
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
