import type { IncomingEvent } from '../domain/event.ts';
import type { Report } from '../domain/deadLetter.ts';
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
import { toIncomingEvent } from './toIncomingEvent.ts';
import { NotAPushError, parsePushBody } from './pushBody.ts';
import { logOutcome } from './logOutcome.ts';
import { MalformedBodyError, readSubject } from './parseMessage.ts';
import { reject, retry, type Settlement, type Subject } from './settlement.ts';
import { HANDLE_TIMEOUT_MS } from '../deadlines.ts';

/**
 * Handles one message and says how it ended.
 * @throws PermanentError when the message can never succeed, TransientError when it may succeed later. The
 * endpoint treats any other error as a bug and lets Pub/Sub deliver the message again.
 */
export type Handler = (event: IncomingEvent) => Promise<Settlement>;

/**
 * Tells people about an event: publishes its reports to the dead-letter topic, or records them. Resolves when
 * all of them are durable (I2).
 * @throws TransientError when Pub/Sub refused it or did not confirm it, or the store did not answer, in time.
 */
export type Tell = (event: IncomingEvent, reports: readonly Report[]) => Promise<void>;

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
  readonly tell: Tell;
  readonly log: Log;
  readonly projectId: string | undefined;
  /** When undefined, subscriptions have the names in `topology.ts`, without a prefix. */
  readonly environment?: string | undefined;
}

/**
 * Makes the endpoint of a consumer, the one place that settles messages and catches errors. It reads the
 * push, calls the handler, tells what can never succeed, logs one outcome line, and answers. It throws only
 * for a settlement that the types exclude, and then it acks nothing.
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

/** Handles the event, and tells about it when it can never succeed. Both together have one time limit. */
const settle = async (deps: PushEndpointDeps, event: IncomingEvent): Promise<Settled> => {
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise<Settled>((resolve, fail) => {
      timer = setTimeout(
        () => fail(new TransientError(`not handled within ${HANDLE_TIMEOUT_MS} ms`)),
        HANDLE_TIMEOUT_MS,
      );
      handleOrTell(deps, event).then(resolve, fail);
    });
  } catch (error) {
    const subject = readSubject(event.data);
    if (error instanceof TransientError) return { settlement: retry('transient', subject), cause: error };
    return {
      settlement: retry('bug', subject),
      cause: error ?? new Error('null or undefined was thrown instead of an Error'),
    };
  } finally {
    clearTimeout(timer);
  }
};

const handleOrTell = async ({ handle, tell }: PushEndpointDeps, event: IncomingEvent): Promise<Settled> => {
  const settlement = await handle(event).catch((error: unknown) => {
    if (error instanceof PermanentError) return reject(error.message, subjectOf(error));
    throw error;
  });
  if (settlement.kind !== 'reject') return { settlement };
  const { eventId, publishedAtMs } = event;
  const { error, subject } = settlement;
  try {
    await tell(event, [{ reason: 'invalid', error, id: eventId, sinceMs: publishedAtMs }]);
    return { settlement };
  } catch (cause) {
    return { settlement: retry('dead letter not confirmed', subject), cause };
  }
};

const subjectOf = (error: PermanentError): Subject =>
  error instanceof MalformedBodyError ? error.subject : {};
