import type { IncomingEvent } from '../domain/event.ts';
import { toErrorText } from '../masking/toErrorText.ts';
import type { Log } from '../telemetry/log.ts';
import { outcomeOf, type Settlement } from './settlement.ts';

/**
 * Logs one line for a message. The line always has the same fields, so metrics and alerts can rely on them.
 * @param startedAt when the message arrived, from `performance.now()`.
 * @param extra more fields; they replace a field of the same name.
 */
export const logOutcome = (
  log: Log,
  event: IncomingEvent,
  settlement: Settlement,
  { startedAt, extra }: { readonly startedAt: number; readonly extra: Record<string, unknown> },
): void => {
  const fields = {
    settlement: settlement.kind,
    outcome: outcomeOf(settlement),
    reason: reasonOf(settlement),
    // Why it can never succeed. When something else was thrown, `extra` replaces this field.
    error: settlement.kind === 'reject' ? toErrorText(settlement.error) : null,
    findings: settlement.kind === 'ack' ? (settlement.findings ?? []) : [],
    clock_refused: settlement.kind === 'ack' && settlement.isClockRefused === true,
    redacted: event.isRedacted,
    order_id: settlement.subject.orderId?.toString() ?? null,
    payment_id: settlement.subject.paymentId?.toString() ?? null,
    event_id: event.eventId,
    origin_topic: event.origin,
    subscription: event.subscription,
    message_id: event.messageId,
    origin_message_id: event.originMessageId,
    publish_time: new Date(event.publishedAtMs).toISOString(),
    delivery_attempt: event.deliveryAttempt ?? null,
    redrive_count: event.redriveCount,
    duration_ms: Math.round((performance.now() - startedAt) * 1000) / 1000,
    ...extra,
  };
  if (settlement.kind !== 'retry') log.info(fields, 'message settled');
  else if (settlement.reason === 'bug') log.error(fields, 'message settled');
  else log.warn(fields, 'message settled');
};

const reasonOf = (settlement: Settlement): string | null =>
  settlement.kind === 'reject' ? 'invalid' : (settlement.reason ?? null);
