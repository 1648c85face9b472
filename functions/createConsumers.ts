import { createOnDlq } from './onDlq/handler.ts';
import { createOnOrder } from './onOrder/handler.ts';
import { createOnPayment } from './onPayment/handler.ts';
import { createPublishDeadLetter, type PublishDeadLetter } from '../shared/messaging/deadLetters.ts';
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

export interface ConsumerDeps {
  readonly store: Store;
  readonly publisher: Pick<Publisher, 'publish'>;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  /** One for all of them, or one each. */
  readonly log: Log | ((consumer: ConsumerFunction) => Log);
  /** Whose traces the log names. Default: nobody's. */
  readonly projectId?: string;
  /** Replaces a part of a function, to make it fail where a test wants it to. */
  readonly wrapHandler?: (handler: Handler, consumer: ConsumerFunction) => Handler;
  readonly wrapPublish?: (publish: PublishDeadLetter) => PublishDeadLetter;
}

/** The three functions as they are deployed, from the push's body to its answer, on stores and publishers of the test's. */
export const createConsumers = ({
  store,
  publisher,
  clock,
  log,
  projectId,
  wrapHandler = (handler) => handler,
  wrapPublish = (publish) => publish,
}: ConsumerDeps): Readonly<Record<ConsumerFunction, (request: PushRequest) => Promise<PushAnswer>>> => {
  const handleOrder = createOnOrder({ store, clock });
  const handlers = {
    onOrder: handleOrder,
    onPayment: createOnPayment({ store }),
    onDlq: createOnDlq({ store, handleOrder, clock }),
  };
  const publishDeadLetter = wrapPublish(createPublishDeadLetter(publisher));
  const endpoint = (consumer: ConsumerFunction) =>
    createPushEndpoint({
      consumer,
      handle: wrapHandler(handlers[consumer], consumer),
      publishDeadLetter: consumer === 'onDlq' ? undefined : publishDeadLetter,
      log: typeof log === 'function' ? log(consumer) : log,
      projectId,
    });
  return { onOrder: endpoint('onOrder'), onPayment: endpoint('onPayment'), onDlq: endpoint('onDlq') };
};
