import type { Publisher } from '../shared/messaging/publisher.ts';
import { createPushEndpoint, type PushAnswer, type PushRequest } from '../shared/messaging/pushEndpoint.ts';
import type { ConsumerParts, Handler, Tell } from '../shared/messaging/settleMessage.ts';
import { createAcceptEvent } from '../shared/protocol/acceptEvent.ts';
import { createPublishReports } from '../shared/protocol/publishReports.ts';
import { createRecordReports } from '../shared/protocol/recordReports.ts';
import { traceTell } from '../shared/protocol/traceSteps.ts';
import type { Store } from '../shared/store/store.ts';
import type { Log } from '../shared/telemetry/log.ts';
import type { Tracer } from '../shared/telemetry/tracer.ts';
import type { ConsumerFunction } from '../shared/topology.ts';
import { createOnDlq } from './onDlq/handler.ts';

interface ConsumerPartsDeps {
  readonly store: Store;
  /** Publishes the dead letters of `onOrder` and `onPayment`. Undefined in a process with only `onDlq`. */
  readonly publisher: Pick<Publisher, 'publish'> | undefined;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  /** One log for all three, or a function that gives each its own. */
  readonly log: Log | ((consumer: ConsumerFunction) => Log);
  /** The Google Cloud project of the traces. Without it, log lines name a trace by its bare id. */
  readonly projectId?: string | undefined;
  /** Undefined: no spans are recorded. */
  readonly tracer?: Tracer | undefined;
  /** These two replace a part of a function, so that a test harness can make it fail. */
  readonly wrapHandler?: (handler: Handler, consumer: ConsumerFunction) => Handler;
  readonly wrapTell?: (tell: Tell, consumer: ConsumerFunction) => Tell;
}

export interface ConsumerDeps extends ConsumerPartsDeps {
  /** The prefix of the subscriptions that push here. Without it, their names have no prefix. */
  readonly environment?: string | undefined;
}

type Consumers = Readonly<Record<ConsumerFunction, (request: PushRequest) => Promise<PushAnswer>>>;

/**
 * Makes the three consumers. Each takes a push request and returns the answer to it. Both the deployed
 * functions and every test harness call this, so a harness tests the code that is deployed.
 */
export const createConsumers = ({ environment, ...deps }: ConsumerDeps): Consumers => {
  const parts = createConsumerParts(deps);
  const endpoint = (consumer: ConsumerFunction) =>
    createPushEndpoint({ ...parts[consumer], consumer, environment });
  return { onOrder: endpoint('onOrder'), onPayment: endpoint('onPayment'), onDlq: endpoint('onDlq') };
};

/**
 * Makes the parts of the three consumers. How messages are delivered, by push or by pull, is not their
 * matter.
 *
 * All three accept an event with the same six steps. They differ in how they tell: `onOrder` and `onPayment`
 * publish to the dead-letter topics, and `onDlq` records. It never gets the publisher, so it can never send a
 * message to itself.
 */
export const createConsumerParts = ({
  store,
  publisher,
  clock,
  log,
  projectId,
  tracer,
  wrapHandler = (handler) => handler,
  wrapTell = (tell) => tell,
}: ConsumerPartsDeps): Readonly<Record<ConsumerFunction, ConsumerParts>> => {
  const recordReports = createRecordReports({ store, clock });
  const publishReports = publisher === undefined ? recordReports : createPublishReports(publisher);
  const traced = (tell: Tell): Tell => (tracer === undefined ? tell : traceTell(tracer, tell));
  const tells = {
    onOrder: traced(wrapTell(publishReports, 'onOrder')),
    onPayment: traced(wrapTell(publishReports, 'onPayment')),
    onDlq: traced(wrapTell(recordReports, 'onDlq')),
  };
  const acceptWith = (tell: Tell): Handler => createAcceptEvent({ store, tell, tracer });
  const handlers = {
    onOrder: acceptWith(tells.onOrder),
    onPayment: acceptWith(tells.onPayment),
    onDlq: createOnDlq({ acceptEvent: acceptWith(tells.onDlq), tell: tells.onDlq }),
  };
  const partsOf = (consumer: ConsumerFunction): ConsumerParts => ({
    handle: wrapHandler(handlers[consumer], consumer),
    tell: tells[consumer],
    log: typeof log === 'function' ? log(consumer) : log,
    projectId,
    tracer,
  });
  return { onOrder: partsOf('onOrder'), onPayment: partsOf('onPayment'), onDlq: partsOf('onDlq') };
};
