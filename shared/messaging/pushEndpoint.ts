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
import { NotAPushError, parsePushBody } from './pushBody.ts';
import type { ReceivedMessage } from './receivedMessage.ts';
import { type ConsumerParts, createSettleMessage } from './settleMessage.ts';

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

/** A consumer's parts, and what the endpoint needs to know of its requests. */
interface PushEndpointDeps extends ConsumerParts {
  readonly consumer: ConsumerFunction;
  /** When undefined, subscriptions have the names in `topology.ts`, without a prefix. */
  readonly environment?: string | undefined;
}

/**
 * Makes the endpoint of a consumer: it reads the push, settles its message, and answers. It throws only for a
 * settlement that the types exclude, and then it acks nothing.
 */
export const createPushEndpoint = (deps: PushEndpointDeps) => {
  const { consumer, log, projectId, environment } = deps;
  const settleMessage = createSettleMessage(deps);

  return async (request: PushRequest): Promise<PushAnswer> => {
    const startedAt = performance.now();
    const { traceparent } = request.headers;
    const trace = traceFields(traceparent, projectId);
    let message: ReceivedMessage;
    let spec: SubscriptionSpec;
    try {
      message = parsePushBody(request.method, request.rawBody ?? new Uint8Array(), request.headers);
      spec = subscriptionOf(message.subscription, consumer, environment);
    } catch (error) {
      if (!(error instanceof NotAPushError)) {
        log.error({ ...trace, ...errorFields(error) }, 'push not understood');
        return { status: 503, error: 'internal error' };
      }
      const reason = toErrorText(error.message);
      log.warn({ ...trace, status: error.status, error: reason }, 'request refused');
      return { status: error.status, error: reason };
    }

    const answer = await settleMessage(message, spec, { startedAt, traceparent });
    return { status: answer === 'ack' ? 204 : 503 };
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
