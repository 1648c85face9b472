import type { TracesConfig } from '../config.ts';
import type { Log } from './log.ts';
import type { Tracer } from './tracer.ts';

/**
 * Opens the tracer of a process. OpenTelemetry is loaded only when there is somebody to send spans to.
 * @param config undefined when `OTEL_EXPORTER_OTLP_ENDPOINT` is not set.
 * @returns undefined without a configuration.
 */
export const openTracer = async (config: TracesConfig | undefined, log: Log): Promise<Tracer | undefined> => {
  if (config === undefined) return undefined;
  const { createOtlpTracer } = await import('./otlpTracer.ts');
  return createOtlpTracer(config, log);
};
