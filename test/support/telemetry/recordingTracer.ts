import type { SpanAttributes, Tracer } from '../../../shared/telemetry/tracer.ts';
import {
  formatTraceparent,
  newTraceparent,
  parseTraceparent,
} from '../../../shared/telemetry/traceparent.ts';

interface RecordedSpan {
  readonly name: string;
  readonly parent: string | undefined;
  readonly traceparent: string;
  readonly kind: string;
  attributes: SpanAttributes;
  error: unknown;
  isEnded: boolean;
}

/** A tracer that keeps its spans in memory, in the order in which they began. */
export const createRecordingTracer = () => {
  const spans: RecordedSpan[] = [];
  const tracer: Tracer = {
    begin: (name, { parent, kind, attributes = {} }) => {
      const context = parseTraceparent(parent) ?? parseTraceparent(newTraceparent());
      if (context === undefined) throw new Error('a new trace is not valid');
      const spanId = (spans.length + 1).toString(16).padStart(16, 'a');
      const span: RecordedSpan = {
        name,
        parent,
        traceparent: formatTraceparent({ ...context, spanId }),
        kind,
        attributes,
        error: undefined,
        isEnded: false,
      };
      spans.push(span);
      return {
        traceparent: span.traceparent,
        end: (more = {}, error) => {
          if (span.isEnded) throw new Error(`the span ${name} ended twice`);
          span.attributes = { ...span.attributes, ...more };
          span.error = error;
          span.isEnded = true;
        },
      };
    },
    close: async () => {},
  };
  return { tracer, spans };
};
