import { nameIn, SUBSCRIPTIONS, TOPICS } from '../../shared/topology.ts';
import { DEAD_LETTER_REASONS } from '../../shared/domain/deadLetter.ts';
import { FINDING_REASONS } from '../../shared/domain/finding.ts';
import type { DeploymentConfig } from '../config.ts';
import { functionName, workerPoolName } from '../names.ts';
import { functionsOf } from './logFilters.ts';
import { logMetrics, type MetricId } from './logMetrics.ts';

/**
 * A metric in a chart. Its points become one value with `aligner` and `reducer`, and one line for each group.
 */
interface Series {
  readonly filter: string;
  readonly aligner: string;
  readonly reducer: string;
  readonly groupBy?: readonly string[];
  readonly legend?: string;
}

const COLUMNS = 48;
const CHART_WIDTH = 16;
const CHART_HEIGHT = 14;
const ALIGNMENT = '60s';

type Chart = readonly [title: string, series: readonly Series[]];

const RATE = { aligner: 'ALIGN_RATE', reducer: 'REDUCE_SUM' } as const;
const PER_SUBSCRIPTION = ['resource.label.subscription_id'];
const PER_SERVICE = ['resource.label.service_name'];

/**
 * Returns the dashboard in the JSON of Cloud Monitoring:
 * https://cloud.google.com/monitoring/api/ref_v3/rest/v1/projects.dashboards
 */
export const dashboardOf = (config: DeploymentConfig): object => {
  const { published, acked, notAcked, oldestUnacked } = pubSubCharts(config);
  const { outcomes, deadLetters, findings, masked, handling, oldestParked, suspected, passAge, errors } =
    logCharts(config);
  const charts = [
    published,
    acked,
    notAcked,
    outcomes,
    oldestUnacked,
    deadLetters,
    findings,
    masked,
    handling,
    oldestParked,
    suspected,
    passAge,
    instancesChart(config),
    errors,
  ];
  return {
    displayName: nameIn(config.environment, 'tally'),
    mosaicLayout: {
      columns: COLUMNS,
      tiles: charts.map(([title, series], place) => tile(title, series, place)),
    },
  };
};

const pubSubCharts = (config: DeploymentConfig) => {
  const topics = oneOf(TOPICS.map((name) => nameIn(config.environment, name)));
  const ofTopics = `resource.type="pubsub_topic" resource.label.topic_id=${topics}`;
  const sent = `metric.type="pubsub.googleapis.com/topic/send_message_operation_count" ${ofTopics}`;
  const age = subscriptionMetric(config, 'oldest_unacked_message_age');
  return {
    published: [
      'Published, messages per second',
      [{ ...RATE, filter: sent, groupBy: ['resource.label.topic_id'] }],
    ],
    ...(config.worker === undefined ? pushCharts(config) : pullCharts(config)),
    oldestUnacked: [
      'Oldest message that is not acked, age in seconds',
      [{ filter: age, aligner: 'ALIGN_MAX', reducer: 'REDUCE_MAX', groupBy: PER_SUBSCRIPTION }],
    ],
  } as const satisfies Record<string, Chart>;
};

const pushCharts = (config: DeploymentConfig) => {
  const pushes = subscriptionMetric(config, 'push_request_count');
  return {
    acked: [
      'Acked, pushes per second',
      [{ ...RATE, filter: `${pushes} metric.label.response_class="ack"`, groupBy: PER_SUBSCRIPTION }],
    ],
    notAcked: [
      'Not acked, pushes per second',
      [
        {
          ...RATE,
          filter: `${pushes} metric.label.response_class!="ack"`,
          groupBy: [...PER_SUBSCRIPTION, 'metric.label.response_class'],
        },
      ],
    ],
  } as const satisfies Record<string, Chart>;
};

/** A message that is not acked was given back, or its lease ran out while the worker had it. */
const pullCharts = (config: DeploymentConfig) => {
  const givenBack = `${consumerMetric(config, 'outcomes')} metric.label.outcome="retry"`;
  const expired = subscriptionMetric(config, 'expired_ack_deadlines_count');
  return {
    acked: [
      'Acked, messages per second',
      [{ ...RATE, filter: subscriptionMetric(config, 'ack_message_count'), groupBy: PER_SUBSCRIPTION }],
    ],
    notAcked: [
      'Not acked, messages per second',
      [
        { ...RATE, filter: givenBack, legend: 'given back' },
        { ...RATE, filter: expired, groupBy: PER_SUBSCRIPTION },
      ],
    ],
  } as const satisfies Record<string, Chart>;
};

const subscriptionMetric = (config: DeploymentConfig, metric: string): string => {
  const subscriptions = oneOf(SUBSCRIPTIONS.map(({ name }) => nameIn(config.environment, name)));
  return (
    `metric.type="pubsub.googleapis.com/subscription/${metric}" ` +
    `resource.type="pubsub_subscription" resource.label.subscription_id=${subscriptions}`
  );
};

type ResourceType = 'cloud_run_revision' | 'cloud_run_worker_pool';

const logMetric = (config: DeploymentConfig, id: MetricId, type: ResourceType): string =>
  `metric.type="logging.googleapis.com/user/${logMetrics(config)[id].name}" resource.type="${type}"`;

/** A metric of lines that consumers write, or that the worker writes for them. */
const consumerMetric = (config: DeploymentConfig, id: MetricId): string =>
  logMetric(config, id, config.worker === undefined ? 'cloud_run_revision' : 'cloud_run_worker_pool');

const logCharts = (config: DeploymentConfig) => {
  const consumed = (id: MetricId): string => consumerMetric(config, id);
  const audited = (id: MetricId): string => logMetric(config, id, 'cloud_run_revision');
  const errors = (type: ResourceType): string => logMetric(config, 'errors', type);
  return {
    outcomes: [
      'Outcomes, messages per second',
      [{ ...RATE, filter: consumed('outcomes'), groupBy: ['metric.label.outcome'] }],
    ],
    deadLetters: [
      'Dead letters by reason, messages per second',
      DEAD_LETTER_REASONS.map((reason) => ({
        ...RATE,
        filter: consumed(`dead_letters_${reason}`),
        legend: reason,
      })),
    ],
    findings: [
      'Findings, messages per second',
      FINDING_REASONS.map((reason) => ({ ...RATE, filter: consumed(reason), legend: reason })),
    ],
    masked: [
      'Masked card numbers, messages per second',
      [{ ...RATE, filter: consumed('masked'), groupBy: ['metric.label.origin_topic'] }],
    ],
    handling: [
      'Handling, milliseconds per message',
      ([50, 95, 99] as const).map((percentile) => ({
        filter: consumed('handling'),
        aligner: 'ALIGN_DELTA',
        reducer: `REDUCE_PERCENTILE_${percentile}`,
        legend: `p${percentile}`,
      })),
    ],
    oldestParked: ['Oldest parked payment, age in seconds', [written(audited('parkedAge'))]],
    suspected: ['Broken or in progress, violations', [written(audited('suspected'))]],
    passAge: ['Pass of the audit, age in seconds', [written(audited('passAge'))]],
    errors: [
      'Errors, log lines per second',
      [
        { ...RATE, filter: errors('cloud_run_revision'), groupBy: PER_SERVICE },
        ...ofWorker(config, { ...RATE, filter: errors('cloud_run_worker_pool'), legend: 'worker' }),
      ],
    ],
  } as const satisfies Record<string, Chart>;
};

const ofWorker = ({ worker }: DeploymentConfig, series: Series): readonly Series[] =>
  worker === undefined ? [] : [series];

/**
 * What the audit wrote. A percentile would be the edge of a bucket. A distribution keeps its mean exactly,
 * and the audit's parts are a minute long, so it is that of one line.
 */
const written = (filter: string): Series => ({
  filter,
  aligner: 'ALIGN_DELTA',
  reducer: 'REDUCE_MEAN',
  legend: 'in a part of the audit, mean of a minute',
});

const instancesChart = (config: DeploymentConfig): Chart => {
  const services = oneOf(functionsOf(config).map((name) => functionName(config, name)));
  const metric = 'metric.type="run.googleapis.com/container/instance_count"';
  const count = { aligner: 'ALIGN_MAX', reducer: 'REDUCE_SUM' };
  const ofServices = `${metric} resource.type="cloud_run_revision" resource.label.service_name=${services}`;
  const ofPool = `${metric} resource.type="cloud_run_worker_pool" resource.label.worker_pool_name="${workerPoolName(config)}"`;
  return [
    'Instances',
    [
      { ...count, filter: ofServices, groupBy: PER_SERVICE },
      ...ofWorker(config, { ...count, filter: ofPool, legend: 'worker' }),
    ],
  ];
};

const oneOf = (values: readonly string[]): string =>
  `one_of(${values.map((value) => `"${value}"`).join(',')})`;

/**
 * Leaves out zeros and empty lists, because the API leaves them out of its answers. Otherwise every plan
 * would find a difference.
 */
const tile = (title: string, series: readonly Series[], place: number): object => {
  const perRow = COLUMNS / CHART_WIDTH;
  const xPos = (place % perRow) * CHART_WIDTH;
  const yPos = Math.floor(place / perRow) * CHART_HEIGHT;
  return {
    ...(xPos === 0 ? {} : { xPos }),
    ...(yPos === 0 ? {} : { yPos }),
    width: CHART_WIDTH,
    height: CHART_HEIGHT,
    widget: { title, xyChart: { dataSets: series.map(dataSet), yAxis: { scale: 'LINEAR' } } },
  };
};

const dataSet = ({ filter, aligner, reducer, groupBy = [], legend }: Series): object => ({
  plotType: 'LINE',
  ...(legend === undefined ? {} : { legendTemplate: legend }),
  timeSeriesQuery: {
    timeSeriesFilter: {
      filter,
      aggregation: {
        alignmentPeriod: ALIGNMENT,
        perSeriesAligner: aligner,
        crossSeriesReducer: reducer,
        ...(groupBy.length === 0 ? {} : { groupByFields: groupBy }),
      },
    },
  },
});
