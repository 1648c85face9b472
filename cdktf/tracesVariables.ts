import type { DeploymentConfig } from './config.ts';

/** The variables with which a program sends its spans to the configured collector; none without one. */
export const tracesVariables = ({ traces }: DeploymentConfig): Readonly<Record<string, string>> => {
  if (traces === undefined) return {};
  return {
    OTEL_EXPORTER_OTLP_ENDPOINT: traces.endpoint,
    ...(traces.ratio === undefined
      ? {}
      : { OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_TRACES_SAMPLER_ARG: String(traces.ratio) }),
  };
};
