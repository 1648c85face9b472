import { describe, expect, it } from 'vitest';
import { promSelector } from '../../../cdktf/operations/promSelector.ts';

describe('a metric in PromQL', () => {
  // The first four are the examples of Google's page.
  it.each([
    ['kubernetes.io/container/cpu/limit_cores', 'kubernetes_io:container_cpu_limit_cores'],
    ['compute.googleapis.com/instance/cpu/utilization', 'compute_googleapis_com:instance_cpu_utilization'],
    ['logging.googleapis.com/log_entry_count', 'logging_googleapis_com:log_entry_count'],
    [
      'custom.googleapis.com/opencensus/opencensus.io/http/server/request_count_by_method',
      'custom_googleapis_com:opencensus_opencensus_io_http_server_request_count_by_method',
    ],
    [
      'logging.googleapis.com/user/staging-tally/outcomes',
      'logging_googleapis_com:user_staging_tally_outcomes',
    ],
  ])('has a name without other characters: %s', (metric, name) => {
    expect(promSelector(metric, {})).toBe(`${name}{}`);
  });

  it('is narrowed by labels', () => {
    expect(promSelector('a.b/c', { monitored_resource: 'd', e: '2xx' })).toBe(
      'a_b:c{monitored_resource="d",e="2xx"}',
    );
  });
});
