import type { IncomingEvent } from '../domain/event.ts';
import { PermanentError, TransientError } from '../errors.ts';
import type { Log } from '../telemetry/log.ts';
import { errorFields } from '../telemetry/errorFields.ts';
import { traceFields } from '../telemetry/traceFields.ts';
import {
  type ConsumerFunction,
  findSubscription,
  isOfAnotherEnvironment,
  nameIn,
  SUBSCRIPTIONS,
  type SubscriptionSpec,
} from '../topology.ts';
import { toErrorText } from '../masking/toErrorText.ts';
import type { PublishDeadLetter } from './publishDeadLetter.ts';
import { toIncomingEvent } from './toIncomingEvent.ts';
import { NotAPushError, parsePushBody } from './pushBody.ts';
import { logOutcome } from './logOutcome.ts';
import { reject, retry, type Settlement } from './settlement.ts';
import { HANDLE_TIMEOUT_MS } from '../deadlines.ts';

/**
 * Handles one message and says how it ended.
 * @throws PermanentError when the message can never succeed, TransientError when it may succeed later. The
 * endpoint treats any other error as a bug and lets Pub/Sub deliver the message again.
 */
export type Handler = (event: IncomingEvent) => Promise<Settlement>;

/** The parts of a request that the endpoint reads. A request of the Functions Framework has them. */
export interface PushRequest {
  readonly method: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly rawBody?: Uint8Array;
}

/**
 * The endpoint's answer. For Pub/Sub, 204 is an ack, and each of the other statuses is a nack:
 * https://cloud.google.com/pubsub/docs/push#receive_push.
 */
export interface PushAnswer {
  readonly status: 204 | 400 | 405 | 413 | 503;
  readonly error?: string;
}

interface PushEndpointDeps {
  readonly consumer: ConsumerFunction;
  readonly handle: Handler;
  /** Undefined for `onDlq`, which never publishes. */
  readonly publishDeadLetter: PublishDeadLetter | undefined;
  readonly log: Log;
  readonly projectId: string | undefined;
  /** When undefined, subscriptions have the names in `topology.ts`, without a prefix. */
  readonly environment?: string | undefined;
}

/**
 * Makes the endpoint of a consumer, the one place that settles messages and catches errors. It reads the
 * push, calls the handler, publishes the dead letter, logs one outcome line, and answers. It throws only for
 * a settlement that the types exclude, and then it acks nothing.
 */
export const createPushEndpoint = (deps: PushEndpointDeps) => {
  const { consumer, log, projectId, environment } = deps;

  return async (request: PushRequest): Promise<PushAnswer> => {
    const startedAt = performance.now();
    const trace = traceFields(request.headers.traceparent, projectId);
    let event: IncomingEvent;
    try {
      const message = parsePushBody(request.method, request.rawBody ?? new Uint8Array());
      event = toIncomingEvent(message, subscriptionOf(message.subscription, consumer, environment));
    } catch (error) {
      if (!(error instanceof NotAPushError)) {
        log.error({ ...trace, ...errorFields(error) }, 'push not understood');
        return { status: 503, error: 'internal error' };
      }
      const reason = toErrorText(error.message);
      log.warn({ ...trace, status: error.status, error: reason }, 'request refused');
      return { status: error.status, error: reason };
    }

    const { settlement, cause } = await settle(deps, event);
    logOutcome(log, event, settlement, { startedAt, extra: { ...trace, ...errorFields(cause) } });
    return { status: settlement.kind === 'retry' ? 503 : 204 };
  };
};

/**
 * The subscription that pushed. `onOrder` and `onPayment` serve one topic each. They accept any subscription
 * name, because Eventarc generates its own. But they refuse a name of another environment, because that push
 * went to the wrong place. `onDlq` serves two topics, so it needs a name that it knows.
 */
const subscriptionOf = (
  path: string,
  consumer: ConsumerFunction,
  environment: string | undefined,
): SubscriptionSpec => {
  const named = findSubscription(path, environment);
  if (named?.consumer === consumer) return named;
  const served = SUBSCRIPTIONS.filter((subscription) => subscription.consumer === consumer);
  const isAnyones = named === undefined && !isOfAnotherEnvironment(path, environment);
  const [only, ...others] = served;
  if (isAnyones && only !== undefined && others.length === 0) return only;
  const names = served.map(({ name }) => nameIn(environment, name)).join(' or ');
  throw new NotAPushError(400, `${consumer} serves ${names}, got a push from another subscription`);
};

interface Settled {
  readonly settlement: Settlement;
  /** What was thrown while the message was settled, for the outcome line. */
  readonly cause?: unknown;
}

const settle = async (deps: PushEndpointDeps, event: IncomingEvent): Promise<Settled> => {
  const handled = await handleInTime(deps.handle, event);
  const { settlement } = handled;
  if (settlement.kind !== 'reject') return handled;
  if (deps.publishDeadLetter === undefined) {
    return { settlement: retry('bug', settlement.subject), cause: new Error('onDlq must not reject') };
  }
  try {
    await deps.publishDeadLetter(event, settlement.reason, settlement.error);
    return handled;
  } catch (error) {
    return { settlement: retry('dead-letter publish failed', settlement.subject), cause: error };
  }
};

const handleInTime = async (handle: Handler, event: IncomingEvent): Promise<Settled> => {
  let timer: NodeJS.Timeout | undefined;
  try {
    const settlement = await new Promise<Settlement>((resolve, fail) => {
      timer = setTimeout(
        () => fail(new TransientError(`not handled within ${HANDLE_TIMEOUT_MS} ms`)),
        HANDLE_TIMEOUT_MS,
      );
      handle(event).then(resolve, fail);
    });
    return { settlement };
  } catch (error) {
    if (error instanceof PermanentError) return { settlement: reject('invalid', error.message) };
    if (error instanceof TransientError) return { settlement: retry('transient'), cause: error };
    return {
      settlement: retry('bug'),
      cause: error ?? new Error('null or undefined was thrown instead of an Error'),
    };
  } finally {
    clearTimeout(timer);
  }
};
