import { maskCardNumbers } from '../masking/maskCardNumbers.ts';

/** W3C Trace Context: https://www.w3.org/TR/trace-context/#traceparent-header */
const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-[0-9a-f]{2}$/;

/**
 * Cloud Logging's fields that tie a log line to its request's trace.
 * @param projectId Cloud Logging wants the trace's full name; without a project the bare id is logged.
 * @returns no fields when the header is absent or malformed, or when an id in it reads as a card number: the caller chooses it
 * (I8). Of random ids one in four hundred does.
 */
export const traceFields = (
  traceparent: string | string[] | undefined,
  projectId: string | undefined,
): Record<string, string> => {
  const [, traceId, spanId] = TRACEPARENT.exec(String(traceparent)) ?? [];
  if (traceId === undefined || spanId === undefined) return {};
  if ([traceId, spanId].some((id) => maskCardNumbers(id) !== id)) return {};
  return {
    'logging.googleapis.com/trace':
      projectId === undefined ? traceId : `projects/${projectId}/traces/${traceId}`,
    'logging.googleapis.com/spanId': spanId,
  };
};
