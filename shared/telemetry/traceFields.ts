import { parseTraceparent } from './traceparent.ts';

/**
 * Cloud Logging's fields that connect a log line to a trace.
 * `('00-<trace id>-<span id>-01', 'shop')` → trace `projects/shop/traces/<trace id>`, span id `<span id>`.
 * @param traceparent the header of a request, or what a message carries.
 * @param projectId a part of the full name that Cloud Logging needs. When undefined, the bare id is logged.
 * @returns no fields for what `parseTraceparent` does not take.
 */
export const traceFields = (
  traceparent: string | string[] | undefined,
  projectId: string | undefined,
): Record<string, string> => {
  const context = parseTraceparent(traceparent);
  if (context === undefined) return {};
  const { traceId, spanId } = context;
  return {
    'logging.googleapis.com/trace':
      projectId === undefined ? traceId : `projects/${projectId}/traces/${traceId}`,
    'logging.googleapis.com/spanId': spanId,
  };
};
