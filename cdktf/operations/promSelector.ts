/**
 * Returns the time series of a metric of Cloud Monitoring, in PromQL:
 * https://cloud.google.com/monitoring/promql/promql-mapping.
 * `('run.googleapis.com/a/b-c', { x: 'y' })` → `'run_googleapis_com:a_b_c{x="y"}'`.
 * @param labels of the metric and of its resource. `monitored_resource` is the type of the resource, which a
 * metric with several needs. A value has no quote and no backslash.
 */
export const promSelector = (metric: string, labels: Readonly<Record<string, string>>): string => {
  const matchers = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
  return `${metric.replace('/', ':').replaceAll(/[^\w:]/g, '_')}{${matchers.join(',')}}`;
};
