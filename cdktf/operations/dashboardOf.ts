import { nameIn, SUBSCRIPTIONS, TOPICS } from '../../shared/topology.ts';
import type { DeploymentConfig } from '../config.ts';
import { functionName } from '../names.ts';
import { logMetrics, type MetricId } from './logMetrics.ts';

/** One line of a chart: a metric, how its points become one, and what keeps them apart. */
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

/** Cloud Monitoring's own JSON: https://cloud.google.com/monitoring/api/ref_v3/rest/v1/projects.dashboards */
export const dashboardOf = (config: DeploymentConfig): object => {
  const metrics = logMetrics(config);
  const logged = (id: MetricId): string =>
    `metric.type="logging.googleapis.com/user/${metrics[id].name}" resource.type="cloud_run_revision"`;
  const topics = oneOf(TOPICS.map((name) => nameIn(config.environment, name)));
  const subscriptions = oneOf(SUBSCRIPTIONS.map(({ name }) => nameIn(config.environment, name)));
  const ofTopics = `resource.type="pubsub_topic" resource.label.topic_id=${topics}`;
  const ofSubscriptions = `resource.type="pubsub_subscription" resource.label.subscription_id=${subscriptions}`;
  const services = oneOf(
    (['onOrder', 'onPayment', 'onDlq', 'simulate', 'audit'] as const).map((name) =>
      functionName(config, name),
    ),
  );
  const ofServices = `resource.type="cloud_run_revision" resource.label.service_name=${services}`;
  const perSubscription = ['resource.label.subscription_id'];
  const perService = ['resource.label.service_name'];
  const rate = { aligner: 'ALIGN_RATE', reducer: 'REDUCE_SUM' };

  const charts: [title: string, series: readonly Series[]][] = [
    [
      'Published, messages a second',
      [
        {
          ...rate,
          filter: `metric.type="pubsub.googleapis.com/topic/send_message_operation_count" ${ofTopics}`,
          groupBy: ['resource.label.topic_id'],
        },
      ],
    ],
    [
      'Acked, pushes a second',
      [
        {
          ...rate,
          filter: `metric.type="pubsub.googleapis.com/subscription/push_request_count" ${ofSubscriptions} metric.label.response_class="ack"`,
          groupBy: perSubscription,
        },
      ],
    ],
    [
      'Not acked, pushes a second',
      [
        {
          ...rate,
          filter: `metric.type="pubsub.googleapis.com/subscription/push_request_count" ${ofSubscriptions} metric.label.response_class!="ack"`,
          groupBy: [...perSubscription, 'metric.label.response_class'],
        },
      ],
    ],
    [
      'Outcomes, messages a second',
      [{ ...rate, filter: logged('outcomes'), groupBy: ['metric.label.outcome'] }],
    ],
    [
      'Oldest message that is not acked, seconds',
      [
        {
          filter: `metric.type="pubsub.googleapis.com/subscription/oldest_unacked_message_age" ${ofSubscriptions}`,
          aligner: 'ALIGN_MAX',
          reducer: 'REDUCE_MAX',
          groupBy: perSubscription,
        },
      ],
    ],
    [
      'Dead letters a second, by what became of them',
      [{ ...rate, filter: logged('deadLetters'), groupBy: ['metric.label.outcome'] }],
    ],
    [
      'Handling, milliseconds',
      ([50, 95, 99] as const).map((percentile) => ({
        filter: logged('handling'),
        aligner: 'ALIGN_DELTA',
        reducer: `REDUCE_PERCENTILE_${percentile}`,
        legend: `p${percentile}`,
      })),
    ],
    [
      'The oldest parked payment, seconds',
      [
        {
          filter: logged('parkedAge'),
          aligner: 'ALIGN_DELTA',
          reducer: 'REDUCE_PERCENTILE_99',
          legend: 'oldest',
        },
      ],
    ],
    [
      'Instances',
      [
        {
          filter: `metric.type="run.googleapis.com/container/instance_count" ${ofServices}`,
          aligner: 'ALIGN_MAX',
          reducer: 'REDUCE_SUM',
          groupBy: perService,
        },
      ],
    ],
    ['Errors, lines a second', [{ ...rate, filter: logged('errors'), groupBy: perService }]],
  ];
  return {
    displayName: nameIn(config.environment, 'tally'),
    mosaicLayout: {
      columns: COLUMNS,
      tiles: charts.map(([title, series], place) => tile(title, series, place)),
    },
  };
};

const oneOf = (values: readonly string[]): string =>
  `one_of(${values.map((value) => `"${value}"`).join(',')})`;

/** The API leaves zeros and empty lists out of its answer: what said them would differ from it at every plan. */
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
