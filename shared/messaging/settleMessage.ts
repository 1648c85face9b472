import type { IncomingEvent } from '../domain/event.ts';
import type { Report } from '../domain/deadLetter.ts';
import { PermanentError, TransientError } from '../errors.ts';
import type { Log } from '../telemetry/log.ts';
import { errorFields } from '../telemetry/errorFields.ts';
import { traceFields } from '../telemetry/traceFields.ts';
import type { Tracer } from '../telemetry/tracer.ts';
import type { SubscriptionSpec } from '../topology.ts';
import { beginProcess, outcomeAttributes } from './beginProcess.ts';
import { toIncomingEvent } from './toIncomingEvent.ts';
import type { ReceivedMessage } from './receivedMessage.ts';
import { logOutcome } from './logOutcome.ts';
import { MalformedBodyError, readSubject } from './parseMessage.ts';
import type { Ack, Settlement, Subject } from './settlement.ts';
import { HANDLE_TIMEOUT_MS, QUEUE_TIMEOUT_MS } from '../deadlines.ts';

/**
 * Handles one message, and resolves when all that it says is durable.
 * @throws PermanentError when the message can never succeed, TransientError when it may succeed later.
 * `settleMessage` treats any other error as a bug and lets Pub/Sub deliver the message again.
 */
export type Handler = (event: IncomingEvent) => Promise<Ack>;

/**
 * Tells people about an event: publishes its reports to the dead-letter topic, or records them. Resolves when
 * all of them are durable (I2).
 * @throws TransientError when Pub/Sub refused it or did not confirm it, or the store did not answer, in time.
 */
export type Tell = (event: IncomingEvent, reports: readonly Report[]) => Promise<void>;

/** What a consumer is made of, however its messages are delivered. */
export interface ConsumerParts {
  readonly handle: Handler;
  readonly tell: Tell;
  readonly log: Log;
  /** The Google Cloud project of the traces. Without it, log lines name a trace by its bare id. */
  readonly projectId?: string | undefined;
  /** Undefined: no spans are recorded. */
  readonly tracer?: Tracer | undefined;
}

/** One delivery of a message. */
interface Delivery {
  /** When the message arrived, from `performance.now()`. */
  readonly startedAt: number;
  /** The header of the request that brought it. A message that is pulled has none. */
  readonly traceparent?: string | string[] | undefined;
  /** It waited for its turn for so long that it is not handled: its lease would end before that. */
  readonly hasWaitedTooLong?: boolean;
}

/**
 * Makes the function that settles a message, the one place that catches errors. It calls the handler, tells
 * what can never succeed, and logs one outcome line. A message that is pushed and one that is pulled go
 * through it alike.
 * @returns what to tell Pub/Sub: to forget the message, or to deliver it again later.
 */
export const createSettleMessage =
  (parts: ConsumerParts) =>
  async (
    message: ReceivedMessage,
    spec: SubscriptionSpec,
    { startedAt, traceparent, hasWaitedTooLong = false }: Delivery,
  ): Promise<'ack' | 'retry'> => {
    const { log, tracer, projectId } = parts;
    let arrived: IncomingEvent;
    try {
      arrived = toIncomingEvent(message, spec, traceparent);
    } catch (error) {
      log.error({ ...traceFields(traceparent, projectId), ...errorFields(error) }, 'message not understood');
      return 'retry';
    }
    const span = tracer && beginProcess(tracer, arrived, message, startedAt);
    const event = span === undefined ? arrived : { ...arrived, traceparent: span.traceparent };
    const { settlement, cause } = hasWaitedTooLong ? notBegun(event) : await settle(parts, event);
    const answer = settlement.kind === 'retry' ? 'retry' : 'ack';
    const acking = span && tracer?.begin('ack', { parent: span.traceparent, kind: 'internal' });
    const extra = {
      ...traceFields(event.traceparent, projectId),
      ...errorFields(cause),
      ...(hasWaitedTooLong ? { duration_ms: null } : {}),
    };
    logOutcome(log, event, settlement, { startedAt, extra });
    acking?.end({ 'tally.answer': answer });
    span?.end(outcomeAttributes(settlement), cause);
    return answer;
  };

interface Settled {
  readonly settlement: Settlement;
  /** What was thrown while the message was settled, for the outcome line. */
  readonly cause?: unknown;
}

const notBegun = ({ data }: IncomingEvent): Settled => ({
  settlement: retry('waited too long', readSubject(data)),
  cause: new TransientError(`not begun within ${QUEUE_TIMEOUT_MS} ms`),
});

/** Handles the event, and tells about it when it can never succeed. Both together have one time limit. */
const settle = async (parts: ConsumerParts, event: IncomingEvent): Promise<Settled> => {
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise<Settled>((resolve, fail) => {
      timer = setTimeout(
        () => fail(new TransientError(`not handled within ${HANDLE_TIMEOUT_MS} ms`)),
        HANDLE_TIMEOUT_MS,
      );
      handleOrTell(parts, event).then(resolve, fail);
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

const handleOrTell = async ({ handle, tell }: ConsumerParts, event: IncomingEvent): Promise<Settled> => {
  try {
    return { settlement: await handle(event) };
  } catch (error) {
    if (error instanceof PermanentError) return tellInvalid(tell, event, error);
    throw error;
  }
};

const tellInvalid = async (tell: Tell, event: IncomingEvent, failure: PermanentError): Promise<Settled> => {
  const { eventId, publishedAtMs } = event;
  const error = failure.message;
  const subject = failure instanceof MalformedBodyError ? failure.subject : {};
  try {
    await tell(event, [{ reason: 'invalid', error, id: eventId, sinceMs: publishedAtMs }]);
    return { settlement: { kind: 'reject', error, subject } };
  } catch (cause) {
    return { settlement: retry('dead letter not confirmed', subject), cause };
  }
};

/** @param reason a few words for the field `reason` of the outcome line. */
const retry = (reason: string, subject: Subject): Settlement => ({ kind: 'retry', reason, subject });
