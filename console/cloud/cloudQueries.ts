import { nameIn, SERVICE_NAME, SUBSCRIPTIONS, TOPICS, type ConsumerFunction } from '../../shared/topology.ts';
import type { SeriesQuery } from './readNewest.ts';

const CONSUMERS: readonly ConsumerFunction[] = ['onOrder', 'onPayment', 'onDlq'];
const HOUR_SECONDS = 3_600;

const oneOf = (names: readonly string[]): string => `one_of(${names.map((name) => `"${name}"`).join(',')})`;

const pubsub = (metric: string, kind: 'topic' | 'subscription', names: readonly string[]): string =>
  [
    `metric.type="pubsub.googleapis.com/${kind}/${metric}"`,
    `resource.type="pubsub_${kind}"`,
    `resource.label.${kind}_id=${oneOf(names)}`,
  ].join(' AND ');

/**
 * What is asked of Cloud Monitoring, by what it is for: https://cloud.google.com/monitoring/api/metrics_gcp.
 * `outcomes` is a metric that the deployment makes from log lines; without the deployment it has no series.
 * @param environment the prefix of the names; undefined means none.
 */
export const cloudQueries = (environment: string | undefined) => {
  const inEnvironment = (name: string): string => nameIn(environment, name);
  const topics = TOPICS.map(inEnvironment);
  const subscriptions = SUBSCRIPTIONS.map(({ name }) => inEnvironment(name));
  const services = CONSUMERS.map((name) => inEnvironment(SERVICE_NAME[name]));
  const bySubscription = ['resource.label.subscription_id'];
  return {
    published: {
      filter: pubsub('send_message_operation_count', 'topic', topics),
      aligner: 'ALIGN_RATE',
      reducer: 'REDUCE_SUM',
      groupBy: ['resource.label.topic_id'],
    },
    backlog: {
      filter: pubsub('num_undelivered_messages', 'subscription', subscriptions),
      aligner: 'ALIGN_MAX',
      reducer: 'REDUCE_MAX',
      groupBy: bySubscription,
    },
    oldest: {
      filter: pubsub('oldest_unacked_message_age', 'subscription', subscriptions),
      aligner: 'ALIGN_MAX',
      reducer: 'REDUCE_MAX',
      groupBy: bySubscription,
    },
    pushes: {
      filter: pubsub('push_request_count', 'subscription', subscriptions),
      aligner: 'ALIGN_RATE',
      reducer: 'REDUCE_SUM',
      groupBy: [...bySubscription, 'metric.label.response_class'],
    },
    /** Of push and pull. Without a push, it is all that is known of deliveries. */
    acks: {
      filter: pubsub('ack_message_count', 'subscription', subscriptions),
      aligner: 'ALIGN_RATE',
      reducer: 'REDUCE_SUM',
      groupBy: bySubscription,
    },
    forwarded: {
      filter: pubsub('dead_letter_message_count', 'subscription', subscriptions),
      aligner: 'ALIGN_DELTA',
      reducer: 'REDUCE_SUM',
      groupBy: bySubscription,
      alignSeconds: HOUR_SECONDS,
    },
    latencies: {
      filter: [
        'metric.type="run.googleapis.com/request_latencies"',
        'resource.type="cloud_run_revision"',
        `resource.label.service_name=${oneOf(services)}`,
      ].join(' AND '),
      aligner: 'ALIGN_DELTA',
      reducer: 'REDUCE_PERCENTILE_95',
      groupBy: ['resource.label.service_name'],
    },
    outcomes: {
      // Of functions or of a worker: both write these lines.
      filter: `metric.type="logging.googleapis.com/user/${inEnvironment('tally/outcomes')}"`,
      aligner: 'ALIGN_RATE',
      reducer: 'REDUCE_SUM',
      groupBy: ['metric.label.outcome'],
    },
  } as const satisfies Record<string, SeriesQuery>;
};
