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

/** Does what one message asks for and says how it ended. */
export type Handler = (event: IncomingEvent) => Promise<Settlement>;

/** As much of a request as the endpoint reads; the Functions Framework's has it. */
export interface PushRequest {
  readonly method: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly rawBody?: Uint8Array;
}

/** What the endpoint answers: Pub/Sub takes 204 for an ack and everything else for a nack. */
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
  /** Undefined: subscriptions have the topology's own names. */
  readonly environment?: string | undefined;
}

/**
 * The one place that settles messages and catches everything: push in, handler, dead letter, answer, one outcome line.
 * It never throws, but for a settlement that the types rule out, and then nothing is acked.
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
 * The input functions serve one topic, so any subscription to it will do (Eventarc names its own), but not one that another
 * environment owns: its name says that the push went astray. `onDlq` serves two topics.
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
  /** What was thrown on the way, for the outcome line. */
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
    return { settlement: retry('bug'), cause: error ?? new Error('nothing was thrown, as an error') };
  } finally {
    clearTimeout(timer);
  }
};
