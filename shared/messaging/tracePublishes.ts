import type { SpanAttributes, Tracer } from '../telemetry/tracer.ts';
import { TRACE_ATTRIBUTE } from './deadLetterAttributes.ts';
import type { Publisher } from './publisher.ts';

/**
 * Makes each publish the first span of a trace, which its message carries.
 * @param more what each span says beside its topic.
 */
export const tracePublishes = (
  tracer: Tracer,
  { publish }: Pick<Publisher, 'publish'>,
  more: SpanAttributes,
): Pick<Publisher, 'publish'> => ({
  publish: async (topic, message) => {
    const span = tracer.begin(`publish ${topic}`, {
      kind: 'producer',
      attributes: {
        'messaging.system': 'gcp_pubsub',
        'messaging.operation.type': 'publish',
        'messaging.destination.name': topic,
        ...more,
      },
    });
    try {
      const attributes = { ...message.attributes, [TRACE_ATTRIBUTE]: span.traceparent };
      const messageId = await publish(topic, { ...message, attributes });
      span.end({ 'messaging.message.id': messageId });
      return messageId;
    } catch (error) {
      span.end({}, error);
      throw error;
    }
  },
});
