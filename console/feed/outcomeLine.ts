import { jsonOf } from '../../local/jsonOf.ts';
import { findSubscription, type InputTopic, type SubscriptionSpec } from '../../shared/topology.ts';

/** What an outcome line says about one delivery: see `shared/messaging/logOutcome.ts`. */
export interface OutcomeLine {
  readonly isAck: boolean;
  readonly outcome: string;
  readonly reason: string | null;
  readonly error: string | null;
  readonly findings: readonly string[];
  readonly orderId: string | null;
  readonly paymentId: string | null;
  readonly eventId: string;
  readonly origin: InputTopic;
  readonly subscription: SubscriptionSpec;
  readonly messageId: string;
  readonly originMessageId: string;
  readonly publishedAtMs: number;
  readonly deliveryAttempt: number | undefined;
  readonly redriveCount: number;
  /** Undefined where nothing handled it: it waited too long in the worker. */
  readonly tookMs: number | undefined;
  readonly traceId: string | null;
}

const TRACE = 'logging.googleapis.com/trace';
const MARK = '"message settled"';

/**
 * Reads an outcome line. It comes from one of our own functions, thousands of times a second, so its fields
 * are looked at by hand: a schema takes four times as long.
 * @returns undefined for any other line, and for one that is not what `logOutcome` writes.
 */
export const readOutcomeLine = (line: string): OutcomeLine | undefined => {
  if (!line.startsWith('{') || !line.includes(MARK)) return undefined;
  // It begins with a brace, so it is an object. Each field is looked at before it is used.
  const fields = jsonOf(line) as Readonly<Record<string, unknown>> | undefined;
  if (fields === undefined || fields.message !== 'message settled') return undefined;
  const { settlement, outcome, event_id: eventId, origin_topic: origin, message_id: messageId } = fields;
  const subscription =
    typeof fields.subscription === 'string' ? findSubscription(fields.subscription) : undefined;
  const publishedAtMs = Date.parse(String(fields.publish_time));
  if (
    subscription === undefined ||
    typeof outcome !== 'string' ||
    typeof eventId !== 'string' ||
    typeof messageId !== 'string' ||
    (origin !== 'orders_data' && origin !== 'payments_data') ||
    Number.isNaN(publishedAtMs)
  ) {
    return undefined;
  }
  const { error, error_cause: cause, findings } = fields;
  return {
    isAck: settlement !== 'retry',
    outcome,
    reason: textOf(fields.reason),
    error:
      textOf(error) === null ? null : [error, cause].filter((part) => typeof part === 'string').join(': '),
    findings: Array.isArray(findings) ? findings.filter((finding) => typeof finding === 'string') : [],
    orderId: textOf(fields.order_id),
    paymentId: textOf(fields.payment_id),
    eventId,
    origin,
    subscription,
    messageId,
    originMessageId: textOf(fields.origin_message_id) ?? messageId,
    publishedAtMs,
    deliveryAttempt: typeof fields.delivery_attempt === 'number' ? fields.delivery_attempt : undefined,
    redriveCount: typeof fields.redrive_count === 'number' ? fields.redrive_count : 0,
    tookMs: typeof fields.duration_ms === 'number' ? fields.duration_ms : undefined,
    traceId: textOf(fields[TRACE])?.split('/').at(-1) ?? null,
  };
};

const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);
