import { createOnDlq } from '../../functions/onDlq/handler.ts';
import { createOnOrder } from '../../functions/onOrder/handler.ts';
import { createOnPayment } from '../../functions/onPayment/handler.ts';
import { createPublishDeadLetter } from '../../shared/messaging/deadLetters.ts';
import type { Publisher } from '../../shared/messaging/publisher.ts';
import {
  createPushEndpoint,
  type PushAnswer,
  type PushRequest,
} from '../../shared/messaging/pushEndpoint.ts';
import type { Store } from '../../shared/store/store.ts';
import type { Log } from '../../shared/telemetry/log.ts';
import type { ConsumerFunction } from '../../shared/topology.ts';

export interface ConsumerDeps {
  readonly store: Store;
  readonly publisher: Pick<Publisher, 'publish'>;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  readonly log: Log;
}

/** The three functions as they are deployed, from the push's body to its answer, on stores and publishers of the test's. */
export const createConsumers = ({
  store,
  publisher,
  clock,
  log,
}: ConsumerDeps): Readonly<Record<ConsumerFunction, (request: PushRequest) => Promise<PushAnswer>>> => {
  const handleOrder = createOnOrder({ store, clock });
  const handlers = {
    onOrder: handleOrder,
    onPayment: createOnPayment({ store }),
    onDlq: createOnDlq({ store, handleOrder, clock }),
  };
  const publishDeadLetter = createPublishDeadLetter(publisher);
  const endpoint = (consumer: ConsumerFunction) =>
    createPushEndpoint({
      consumer,
      handle: handlers[consumer],
      publishDeadLetter: consumer === 'onDlq' ? undefined : publishDeadLetter,
      log,
      projectId: undefined,
    });
  return { onOrder: endpoint('onOrder'), onPayment: endpoint('onPayment'), onDlq: endpoint('onDlq') };
};
