import { nameIn, SUBSCRIPTIONS, TOPICS } from '../../shared/topology.ts';
import { FINDING_REASONS } from '../../shared/domain/finding.ts';
import type { DeploymentConfig } from '../config.ts';
import { functionName } from '../names.ts';
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
  const subscriptions = oneOf(SUBSCRIPTIONS.map(({ name }) => nameIn(config.environment, name)));
  const ofTopics = `resource.type="pubsub_topic" resource.label.topic_id=${topics}`;
  const ofSubscriptions = `resource.type="pubsub_subscription" resource.label.subscription_id=${subscriptions}`;
  const sent = `metric.type="pubsub.googleapis.com/topic/send_message_operation_count" ${ofTopics}`;
  const pushes = `metric.type="pubsub.googleapis.com/subscription/push_request_count" ${ofSubscriptions}`;
  const age = `metric.type="pubsub.googleapis.com/subscription/oldest_unacked_message_age" ${ofSubscriptions}`;
  return {
    published: [
      'Published, messages per second',
      [{ ...RATE, filter: sent, groupBy: ['resource.label.topic_id'] }],
    ],
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
    oldestUnacked: [
      'Oldest message that is not acked, age in seconds',
      [{ filter: age, aligner: 'ALIGN_MAX', reducer: 'REDUCE_MAX', groupBy: PER_SUBSCRIPTION }],
    ],
  } as const satisfies Record<string, Chart>;
};

const logCharts = (config: DeploymentConfig) => {
  const metrics = logMetrics(config);
  const logged = (id: MetricId): string =>
    `metric.type="logging.googleapis.com/user/${metrics[id].name}" resource.type="cloud_run_revision"`;
  return {
    outcomes: [
      'Outcomes, messages per second',
      [{ ...RATE, filter: logged('outcomes'), groupBy: ['metric.label.outcome'] }],
    ],
    deadLetters: [
      'Dead letters by reason, messages per second',
      [{ ...RATE, filter: logged('deadLetters'), groupBy: ['metric.label.reason'] }],
    ],
    findings: [
      'Findings, messages per second',
      FINDING_REASONS.map((reason) => ({ ...RATE, filter: logged(reason), legend: reason })),
    ],
    masked: [
      'Masked card numbers, messages per second',
      [{ ...RATE, filter: logged('masked'), groupBy: ['metric.label.origin_topic'] }],
    ],
    handling: [
      'Handling, milliseconds per message',
      ([50, 95, 99] as const).map((percentile) => ({
        filter: logged('handling'),
        aligner: 'ALIGN_DELTA',
        reducer: `REDUCE_PERCENTILE_${percentile}`,
        legend: `p${percentile}`,
      })),
    ],
    oldestParked: ['Oldest parked payment, age in seconds', [largest(logged('parkedAge'))]],
    suspected: ['Broken or in progress, in a part of the audit', [largest(logged('suspected'))]],
    passAge: ['Pass of the audit, age in seconds', [largest(logged('passAge'))]],
    errors: ['Errors, log lines per second', [{ ...RATE, filter: logged('errors'), groupBy: PER_SERVICE }]],
  } as const satisfies Record<string, Chart>;
};

/** The largest value of a distribution. */
const largest = (filter: string): Series => ({
  filter,
  aligner: 'ALIGN_DELTA',
  reducer: 'REDUCE_PERCENTILE_99',
  legend: 'largest',
});

const instancesChart = (config: DeploymentConfig): Chart => {
  const services = oneOf(
    (['onOrder', 'onPayment', 'onDlq', 'simulate', 'audit'] as const).map((name) =>
      functionName(config, name),
    ),
  );
  const ofServices = `resource.type="cloud_run_revision" resource.label.service_name=${services}`;
  const filter = `metric.type="run.googleapis.com/container/instance_count" ${ofServices}`;
  return ['Instances', [{ filter, aligner: 'ALIGN_MAX', reducer: 'REDUCE_SUM', groupBy: PER_SERVICE }]];
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
