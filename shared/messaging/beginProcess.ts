import type { IncomingEvent } from '../domain/event.ts';
import type { Span, SpanAttributes, Tracer } from '../telemetry/tracer.ts';
import { ATTRIBUTE } from './deadLetterAttributes.ts';
import type { ReceivedMessage } from './receivedMessage.ts';
import { outcomeOf, type Settlement } from './settlement.ts';
import { isEventId } from '../domain/isEventId.ts';

/**
 * Begins the span of a delivery. It says which event and which attempt it is, with OpenTelemetry's names
 * where there are some: https://opentelemetry.io/docs/specs/semconv/messaging/gcp-pubsub/.
 */
export const beginProcess = (
  tracer: Tracer,
  event: IncomingEvent,
  { attributes }: ReceivedMessage,
  startedAt: number,
): Span => {
  const editedFrom = attributes[ATTRIBUTE.editedFrom];
  return tracer.begin(`process ${event.subscription}`, {
    parent: event.traceparent,
    kind: 'consumer',
    startedAt,
    attributes: {
      'messaging.system': 'gcp_pubsub',
      'messaging.operation.type': 'process',
      'messaging.destination.subscription.name': event.subscription,
      'messaging.message.id': event.messageId,
      'messaging.gcp_pubsub.message.delivery_attempt': event.deliveryAttempt ?? 1,
      'tally.event_id': event.eventId,
      'tally.redrive_count': event.redriveCount,
      // A message that was edited is a new event with a new trace. This leads to the one that it stands for.
      ...(isEventId(String(editedFrom)) ? { 'tally.edited_from': String(editedFrom) } : {}),
    },
  });
};

/** How a delivery ended, for its span. */
export const outcomeAttributes = (settlement: Settlement): SpanAttributes => {
  const { orderId, paymentId } = settlement.subject;
  return {
    'tally.settlement': settlement.kind,
    'tally.outcome': outcomeOf(settlement),
    ...(orderId === undefined ? {} : { 'tally.order_id': orderId.toString() }),
    ...(paymentId === undefined ? {} : { 'tally.payment_id': paymentId.toString() }),
  };
};
