import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { HANDLE_TIMEOUT_MS } from '../../shared/deadlines.ts';
import { DEAD_LETTER_REASONS } from '../../shared/domain/deadLetter.ts';
import { addressOf, synthesize } from '../support/synthesized.ts';

const RUNBOOK = readFileSync(join(import.meta.dirname, '../../docs/runbook.md'), 'utf8');

/** Headings as GitHub links to them. */
const sections = new Set(
  [...RUNBOOK.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\w\s-]/g, '')
      .replaceAll(' ', '-'),
  ),
);

const WORKER = { environment: 'staging', network: undefined, worker: {} };

interface AlertFields {
  readonly display_name: string;
  readonly documentation: { readonly content: string };
  readonly notification_channels: readonly string[];
  readonly conditions: readonly {
    readonly condition_matched_log?: { readonly filter: string };
    readonly condition_threshold?: { readonly filter: string; readonly threshold_value: number };
    readonly condition_prometheus_query_language?: {
      readonly query: string;
      readonly duration: string;
      readonly disable_metric_validation?: boolean;
    };
  }[];
  readonly alert_strategy?: object;
}

const alertsOf = (changes = {}) =>
  synthesize(changes)
    .ofType('google_monitoring_alert_policy')
    .map(({ fields }) => fields as unknown as AlertFields);

const queryOf = ({ conditions: [condition] }: AlertFields) => condition?.condition_prometheus_query_language;

const filterOf = (alert: AlertFields): string => {
  const [condition] = alert.conditions;
  const filter = condition?.condition_matched_log?.filter ?? condition?.condition_threshold?.filter;
  return filter ?? queryOf(alert)?.query ?? '';
};

describe('alerts', () => {
  it.each([{}, WORKER])('each link to a section of the runbook that is there: %j', (changes) => {
    const alerts = alertsOf({ ...changes, alerts: { runbookUrl: 'https://example.com/runbook.md' } });

    expect(alerts.length).toBeGreaterThan(7);
    for (const { documentation, display_name: name } of alerts) {
      const [, section = ''] =
        /https:\/\/example\.com\/runbook\.md#([\w-]+)$/.exec(documentation.content) ?? [];
      expect({ name, section }).toSatisfy(() => sections.has(section));
    }
  });

  it('watch this environment and no other', () => {
    for (const alert of alertsOf({ environment: 'staging' })) {
      expect(filterOf(alert)).toMatch(/"staging-/);
      expect(filterOf(alert)).not.toMatch(/"(?:tally|orders_data|payments_data|dlq_)/);
    }
  });

  it.each([{}, WORKER])(
    'can be made before Google knows the metrics of this deployment’s lines, which takes it minutes: %j',
    (changes) => {
      const alerts = alertsOf(changes);
      const queries = alerts.map(queryOf).filter((query) => query !== undefined);

      for (const { conditions } of alerts) {
        expect(conditions[0]?.condition_threshold?.filter ?? '').not.toContain('logging.googleapis.com/user');
      }
      expect(queries).not.toEqual([]);
      for (const query of queries) expect(query.disable_metric_validation).toBe(true);
    },
  );

  it('notice that the audit does not run, also when no call of it has ever succeeded', () => {
    const silent = alertsOf({ environment: 'staging' }).filter((alert) =>
      filterOf(alert).includes('run_googleapis_com:request_count'),
    );

    expect(JSON.stringify(alertsOf())).not.toContain('condition_absent');
    expect(silent.map(queryOf)).toEqual([
      expect.objectContaining({
        query:
          '(sum(increase(run_googleapis_com:request_count{monitored_resource="cloud_run_revision",' +
          'service_name="staging-tally-audit",response_code_class="2xx"}[30m])) or vector(0)) == 0',
        duration: '1800s',
      }),
    ]);
  });

  it('with a worker read its log, and count what it gives back in place of failed pushes', () => {
    const alerts = alertsOf(WORKER);
    const filters = alerts.map(filterOf);

    expect(alerts).toHaveLength(alertsOf().length);
    expect(filters.join('\n')).not.toMatch(/push_request_count|tally-on-/);
    const ofOutcomes = filters.filter((filter) => filter.includes('jsonPayload.message="message settled"'));
    expect(ofOutcomes).toHaveLength(5);
    for (const filter of ofOutcomes) {
      expect(filter).toContain('resource.type="cloud_run_worker_pool"');
      expect(filter).toContain('resource.labels.worker_pool_name="staging-tally-worker"');
      expect(filter).toContain('labels.function=("onOrder" OR "onPayment" OR "onDlq")');
    }
    expect(filters).toContain(
      'sum(rate(logging_googleapis_com:user_staging_tally_outcomes{monitored_resource="cloud_run_worker_pool",' +
        'outcome="retry"}[10m])) > 0.1',
    );
    const errors = filters.find((filter) => filter.includes('run.googleapis.com%2Frequests'));
    expect(errors).toMatch(
      /^\(\(resource\.type="cloud_run_revision" AND [^()]*\("staging-tally-simulate" OR "staging-tally-audit"\)\) OR \(resource\.type="cloud_run_worker_pool" AND resource\.labels\.worker_pool_name="staging-tally-worker"\)\) AND severity>=ERROR/,
    );
  });

  it('tell the addresses and channels of the configuration', () => {
    const existing = 'projects/my-project/notificationChannels/1';

    const alerts = alertsOf({
      alerts: {
        emails: ['a@example.com'],
        notificationChannels: [existing],
        runbookUrl: 'https://example.com/runbook.md',
      },
    });

    for (const { notification_channels: channels } of alerts) {
      expect(channels).toEqual([existing, expect.stringContaining('google_monitoring_notification_channel')]);
    }
  });

  it('let go of an address that is taken out: its channel is deleted after they were changed, even if others name it', () => {
    const alerts = {
      emails: ['a@example.com', 'b@example.com'],
      runbookUrl: 'https://example.com/runbook.md',
    };
    const channels = synthesize({ alerts }).ofType('google_monitoring_notification_channel');

    expect(channels).toHaveLength(2);
    for (const { fields } of channels)
      expect(fields).toMatchObject({ force_delete: true, lifecycle: { create_before_destroy: true } });
  });

  it.each([
    ['jsonPayload.outcome="invalid"'],
    ['jsonPayload.findings="conflict"'],
    ['jsonPayload.findings="changed"'],
    ['jsonPayload.findings="rivals"'],
    ['jsonPayload.findings="too_many"'],
    ['jsonPayload.pass_seconds>604800'],
    ['jsonPayload.violations>0'],
    ['jsonPayload.oldest_parked_seconds>259200'],
    ['pubsub.googleapis.com/subscription/oldest_unacked_message_age'],
    ['metric.labels.response_class != "ack"'],
    ['run_googleapis_com:request_count'],
    ['resource.type="cloud_scheduler_job" AND resource.labels.job_id="tally-audit" AND severity>=ERROR'],
  ])('have one on %s', (words) => {
    const alerts = alertsOf({ alerts: { parkedHours: 72 } });

    expect(alerts.filter((alert) => filterOf(alert).includes(words))).toHaveLength(1);
  });

  it('on errors, and the metric of them, leave out the platform’s request lines, where a designed 503 is an error', () => {
    const { ofType } = synthesize();
    const metrics = ofType('google_logging_metric').map(({ fields }) => String(fields.filter));

    const onErrors = [...alertsOf().map(filterOf), ...metrics].filter(
      (filter) => filter.includes('"cloud_run_revision"') && filter.includes('severity>=ERROR'),
    );
    expect(onErrors).toHaveLength(2);
    for (const filter of onErrors) expect(filter).toContain('AND -logName:"run.googleapis.com%2Frequests"');
  });

  it('on lines say how often they notify, which Google asks of them', () => {
    for (const { conditions, alert_strategy: strategy } of alertsOf()) {
      expect(strategy !== undefined).toBe(conditions[0]?.condition_matched_log !== undefined);
    }
  });

  it('on metrics come after what they watch, because Google refuses an alert on a metric that is not there', () => {
    const { ofType, madeBefore, resources } = synthesize();
    const onMetrics = ofType('google_monitoring_alert_policy').filter(
      ({ fields }) => !JSON.stringify(fields).includes('condition_matched_log'),
    );

    expect(onMetrics).toHaveLength(3);
    for (const alert of onMetrics) {
      const before = madeBefore(alert);
      const { subscriptions, service } =
        /subscription_id = one_of\((?<subscriptions>[^)]+)\)|service_name=\\"(?<service>[\w-]+)\\"/.exec(
          JSON.stringify(alert.fields),
        )?.groups ?? {};
      const names = subscriptions?.match(/[\w-]+/g) ?? [service];
      const watched = resources.filter(
        ({ type, fields }) =>
          ['google_pubsub_subscription', 'google_cloudfunctions2_function'].includes(type) &&
          names.includes(fields.name),
      );
      expect(watched).toHaveLength(names.length);
      for (const resource of watched) expect(before).toContain(addressOf(resource));
    }
  });

  it('wait for as many minutes as the configuration says', () => {
    const thresholds = alertsOf({ alerts: { oldestUnackedMinutes: 3 } }).map(
      ({ conditions }) => conditions[0]?.condition_threshold?.threshold_value,
    );

    expect(thresholds).toContain(180);
  });
});

describe.each([
  ['functions', { environment: 'staging' }],
  ['a worker', WORKER],
])('the dashboard of %s', (_what, changes) => {
  const { ofType } = synthesize(changes);
  const [dashboard] = ofType('google_monitoring_dashboard');
  const json = String(dashboard?.fields.dashboard_json);
  const { mosaicLayout } = JSON.parse(json);

  it('shows what the person on call asks for', () => {
    const titles: string[] = mosaicLayout.tiles.map(
      ({ widget }: { widget: { title: string } }) => widget.title.split(',')[0],
    );

    expect(titles).toEqual([
      'Published',
      'Acked',
      'Not acked',
      'Outcomes',
      'Oldest message that is not acked',
      'Dead letters by reason',
      'Findings',
      'Masked card numbers',
      'Handling',
      'Oldest parked payment',
      'Broken or in progress',
      'Pass of the audit',
      'Instances',
      'Errors',
    ]);
  });

  it('counts with metrics that are there', () => {
    const made = ofType('google_logging_metric').map(({ fields }) => fields.name);

    const used = [...json.matchAll(/logging\.googleapis\.com\/user\/([\w/-]+)/g)].map(([, name]) => name);
    expect(new Set(used)).toEqual(new Set(made));
  });

  it('asks each metric of a kind of resource that has it', () => {
    const filters = [...json.matchAll(/"filter":"((?:[^"\\]|\\.)*)"/g)].map(([, text]) =>
      JSON.parse(`"${text}"`),
    );
    const resourceOf = (words: string): Set<string | undefined> =>
      new Set(
        filters
          .filter((filter) => filter.includes(words))
          .map((filter) => /resource\.type="(\w+)"/.exec(filter)?.[1]),
      );
    const isPull = 'worker' in changes;

    expect(resourceOf('tally/outcomes')).toEqual(
      new Set([isPull ? 'cloud_run_worker_pool' : 'cloud_run_revision']),
    );
    expect(resourceOf('tally/suspected')).toEqual(new Set(['cloud_run_revision']));
    for (const both of ['instance_count', 'tally/errors'])
      expect(resourceOf(both)).toEqual(
        new Set(isPull ? ['cloud_run_revision', 'cloud_run_worker_pool'] : ['cloud_run_revision']),
      );
    expect(resourceOf('push_request_count').size).toBe(isPull ? 0 : 1);
    expect(resourceOf('subscription/ack_message_count').size).toBe(isPull ? 1 : 0);
  });

  it('shows what the audit wrote, and not the edge of a bucket that holds it', () => {
    interface Query {
      readonly timeSeriesFilter: {
        readonly filter: string;
        readonly aggregation: { readonly crossSeriesReducer: string };
      };
    }
    const queries: Query[] = mosaicLayout.tiles.flatMap(
      ({ widget }: { widget: { xyChart: { dataSets: { timeSeriesQuery: Query }[] } } }) =>
        widget.xyChart.dataSets.map(({ timeSeriesQuery }) => timeSeriesQuery),
    );
    const ofTheAudit = queries.filter(({ timeSeriesFilter }) =>
      /parked_age|suspected|pass_age/.test(timeSeriesFilter.filter),
    );

    expect(ofTheAudit.map(({ timeSeriesFilter }) => timeSeriesFilter.aggregation.crossSeriesReducer)).toEqual(
      ['REDUCE_MEAN', 'REDUCE_MEAN', 'REDUCE_MEAN'],
    );
  });

  it('has tiles that do not cover each other', () => {
    const places: string[] = mosaicLayout.tiles.map(
      ({ xPos = 0, yPos = 0 }: { xPos?: number; yPos?: number }) => `${xPos}/${yPos}`,
    );

    expect(new Set(places).size).toBe(places.length);
  });

  it('says nothing that the API would leave out of its answer, or every plan would change it', () => {
    expect(json).toContain('"xPos":16');
    expect(json).not.toMatch(/"[xy]Pos":0\b|\[\]/);
  });
});

describe('log-based metrics', () => {
  it('count every dead letter that onDlq records by its reason, whatever the outcome of its message', () => {
    const deadLetters = synthesize()
      .ofType('google_logging_metric')
      .filter(({ fields }) => fields.name.startsWith('tally/dead_letters'));

    expect(deadLetters.map(({ fields }) => [fields.name, fields.filter])).toEqual(
      DEAD_LETTER_REASONS.toSorted().map((reason) => [
        `tally/dead_letters_${reason}`,
        'resource.type="cloud_run_revision" AND resource.labels.service_name=("tally-on-dlq") AND ' +
          `jsonPayload.message="message settled" AND jsonPayload.reason:"${reason}"`,
      ]),
    );
  });

  it('count the messages in which card numbers are masked', () => {
    const masked = synthesize()
      .ofType('google_logging_metric')
      .filter(({ fields }) => fields.name === 'tally/masked');

    expect(masked.map(({ fields }) => fields.filter)).toEqual([
      expect.stringContaining('jsonPayload.message="message settled" AND jsonPayload.redacted=true'),
    ]);
  });

  it('have buckets so narrow that a percentile is at most 10% off, from 1 ms to the longest handling', () => {
    const [handling] = synthesize()
      .ofType('google_logging_metric')
      .filter(({ fields }) => fields.name === 'tally/handling');
    const { exponential_buckets: buckets } = Object(handling?.fields.bucket_options);

    expect(buckets.scale).toBe(1);
    expect(buckets.growth_factor).toBeLessThanOrEqual(1.1);
    expect(buckets.growth_factor ** buckets.num_finite_buckets).toBeGreaterThan(HANDLE_TIMEOUT_MS);
    // Google's limit.
    expect(buckets.num_finite_buckets).toBeLessThanOrEqual(200);
  });

  it('leave what was never handled out of the handling time', () => {
    const handling = synthesize()
      .ofType('google_logging_metric')
      .filter(({ fields }) => fields.name === 'tally/handling');

    expect(handling.map(({ fields }) => fields.filter)).toEqual([
      expect.stringMatching(/jsonPayload\.message="message settled" AND jsonPayload\.duration_ms>=0$/),
    ]);
  });

  it('leave the line about what was broken out of what is suspected, or it would halve the mean', () => {
    const suspected = synthesize()
      .ofType('google_logging_metric')
      .filter(({ fields }) => fields.name === 'tally/suspected');

    expect(suspected.map(({ fields }) => fields.filter)).toEqual([
      expect.stringMatching(/jsonPayload\.message="audit finished" AND jsonPayload\.violations=0$/),
    ]);
  });

  it('take their labels and values from fields that every line has', () => {
    const fields = new Set([
      'jsonPayload.outcome',
      'jsonPayload.origin_topic',
      'jsonPayload.duration_ms',
      'jsonPayload.oldest_parked_seconds',
      'jsonPayload.suspected',
      'jsonPayload.pass_seconds',
    ]);
    const extracted = [
      ...JSON.stringify(synthesize().ofType('google_logging_metric')).matchAll(/EXTRACT\(([^)]+)\)/g),
    ];

    expect(new Set(extracted.map(([, field]) => field))).toEqual(fields);
  });
});
