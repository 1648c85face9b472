import { maskCardNumbers } from '../masking/maskCardNumbers.ts';

/** W3C Trace Context: https://www.w3.org/TR/trace-context/#traceparent-header */
const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-[0-9a-f]{2}$/;

/**
 * Cloud Logging's fields that connect a log line to the trace of its request.
 * `('00-<trace id>-<span id>-01', 'shop')` → trace `projects/shop/traces/<trace id>`, span id `<span id>`.
 * @param traceparent the header of the request.
 * @param projectId a part of the full name that Cloud Logging needs. When undefined, the bare id is logged.
 * @returns no fields when the header is absent or malformed, and none when an id in it looks like a card
 * number. The caller chooses the ids (I8), and one in four hundred random ids looks like one.
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
