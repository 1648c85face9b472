import { nameIn, SUBSCRIPTIONS } from '../../shared/topology.ts';
import type { DeploymentConfig } from '../config.ts';
import { functionName } from '../names.ts';
import { auditLines, deadLetterLines, errorLines, failedCallLines, linesOf } from './logFilters.ts';

/** The link to a section of `docs/runbook.md`, as GitHub makes it from the heading. */
type RunbookSection =
  | 'dead-letters-with-the-reason-invalid'
  | 'two-payments-for-one-order'
  | 'a-violation'
  | 'a-payment-waits-too-long'
  | 'the-scheduled-audit'
  | 'the-schedulers-calls-fail'
  | 'messages-wait'
  | 'pushes-fail'
  | 'everything-is-retried';

export interface Alert {
  readonly id: string;
  readonly title: string;
  readonly severity: 'CRITICAL' | 'ERROR' | 'WARNING';
  readonly section: RunbookSection;
  /** Tells the person on call what happened, in one to three short sentences. */
  readonly says: string;
  readonly condition: Condition;
}

export type Condition =
  /** Fires when a log line matches. It needs no metric, and Google knows a new metric only after minutes. */
  | { readonly kind: 'line'; readonly filter: string }
  /** Fires when a metric of Google is above `threshold` for `forSeconds`. */
  | {
      readonly kind: 'above';
      readonly filter: string;
      readonly aligner: 'ALIGN_MAX' | 'ALIGN_RATE';
      readonly groupBy: readonly string[];
      readonly threshold: number;
      readonly forSeconds: number;
    }
  /** Fires when a metric of Google has no values for `forSeconds`. */
  | { readonly kind: 'silent'; readonly filter: string; readonly forSeconds: number };

/** Failed pushes per second. One nack every ten seconds is enough to keep a subscription slow. */
const PUSH_ERRORS_PER_SECOND_MAX = 0.1;
const PUSH_ERRORS_FOR_SECONDS = 300;
/** Six calls of the audit in a row. */
const AUDIT_SILENT_SECONDS = 3600;

/** Returns all alerts of a deployment. Each links to its section of the runbook. */
export const alertsOf = (config: DeploymentConfig): readonly Alert[] => [
  ...deadLetterAlerts(config),
  ...auditFindings(config),
  ...auditFailures(config),
  ...pubSubAlerts(config),
  {
    id: 'bug',
    title: 'an error that nobody expected',
    severity: 'ERROR',
    section: 'everything-is-retried',
    says:
      'A function logged an error with its stack, and Pub/Sub delivers the message again. ' +
      'If Cassandra and Pub/Sub are healthy, roll back.',
    condition: { kind: 'line', filter: errorLines(config) },
  },
];

const deadLetterAlerts = (config: DeploymentConfig): readonly Alert[] => [
  {
    id: 'invalid',
    title: 'a message that nobody can read',
    severity: 'WARNING',
    section: 'dead-letters-with-the-reason-invalid',
    says:
      'A producer sent a message that is not a valid order or payment. ' +
      'Tally keeps it as a dead letter and does not try it again.',
    condition: { kind: 'line', filter: deadLetterLines(config, ['invalid']) },
  },
  {
    id: 'conflict',
    title: 'an order with two payments',
    severity: 'WARNING',
    section: 'two-payments-for-one-order',
    says: 'A second, different payment came for an order. Tally keeps both.',
    condition: { kind: 'line', filter: deadLetterLines(config, ['conflict']) },
  },
];

/** What the audit found in the tables. */
const auditFindings = (config: DeploymentConfig): readonly Alert[] => {
  const { parkedHours } = config.alerts;
  const parkedSeconds = parkedHours * 3600;
  return [
    {
      id: 'violation',
      title: 'a promise is broken',
      severity: 'CRITICAL',
      section: 'a-violation',
      says: 'The audit found rows that break a promise. Its log line has the details.',
      condition: { kind: 'line', filter: `${auditLines(config)} AND jsonPayload.violations>0` },
    },
    {
      id: 'parked',
      title: `a payment has waited for more than ${parkedHours} h`,
      severity: 'WARNING',
      section: 'a-payment-waits-too-long',
      says: 'Its order has not come. Nothing is lost, but only the producer can send the order.',
      condition: {
        kind: 'line',
        filter: `${auditLines(config)} AND jsonPayload.oldest_parked_seconds>${parkedSeconds}`,
      },
    },
  ];
};

/** The audit itself does not work. */
const auditFailures = (config: DeploymentConfig): readonly Alert[] => [
  {
    id: 'audit-failed',
    title: 'the audit failed, or the schema is too old',
    severity: 'ERROR',
    section: 'the-scheduled-audit',
    says: 'Until the audit works again, nobody notices a broken promise.',
    condition: {
      kind: 'line',
      filter:
        `${linesOf(config, ['audit'])} AND ` +
        '(jsonPayload.message="audit failed" OR jsonPayload.outcome="schema")',
    },
  },
  {
    id: 'audit-silent',
    title: 'the audit does not run',
    severity: 'ERROR',
    section: 'the-scheduled-audit',
    says: 'No call of the audit has succeeded for an hour.',
    condition: {
      kind: 'silent',
      filter: [
        'metric.type = "run.googleapis.com/request_count"',
        'resource.type = "cloud_run_revision"',
        `resource.labels.service_name = "${functionName(config, 'audit')}"`,
        'metric.labels.response_code_class = "2xx"',
      ].join(' AND '),
      forSeconds: AUDIT_SILENT_SECONDS,
    },
  },
  {
    id: 'scheduler-failed',
    title: 'the scheduler’s call of the audit failed',
    severity: 'ERROR',
    section: 'the-schedulers-calls-fail',
    says: 'The call was refused, got no answer in time, or the audit answered that it failed.',
    condition: { kind: 'line', filter: failedCallLines(config) },
  },
];

const pubSubAlerts = (config: DeploymentConfig): readonly Alert[] => {
  const { oldestUnackedMinutes } = config.alerts;
  const subscriptions = anyOf(SUBSCRIPTIONS.map(({ name }) => nameIn(config.environment, name)));
  const filterOf = (metric: string): string =>
    [
      `metric.type = "pubsub.googleapis.com/subscription/${metric}"`,
      'resource.type = "pubsub_subscription"',
      `resource.labels.subscription_id = ${subscriptions}`,
    ].join(' AND ');
  const perSubscription = ['resource.label.subscription_id'];
  return [
    {
      id: 'unacked',
      title: `a message has waited for more than ${oldestUnackedMinutes} min`,
      severity: 'ERROR',
      section: 'messages-wait',
      says: 'Messages come faster than the functions handle them, or the functions handle none at all.',
      condition: {
        kind: 'above',
        filter: filterOf('oldest_unacked_message_age'),
        aligner: 'ALIGN_MAX',
        groupBy: perSubscription,
        threshold: oldestUnackedMinutes * 60,
        forSeconds: 0,
      },
    },
    {
      id: 'push-errors',
      title: 'pushes fail',
      severity: 'ERROR',
      section: 'pushes-fail',
      says: 'A function does not ack the messages that it gets. Each failure slows down its subscription.',
      condition: {
        kind: 'above',
        filter: `${filterOf('push_request_count')} AND metric.labels.response_class != "ack"`,
        aligner: 'ALIGN_RATE',
        groupBy: perSubscription,
        threshold: PUSH_ERRORS_PER_SECOND_MAX,
        forSeconds: PUSH_ERRORS_FOR_SECONDS,
      },
    },
  ];
};

const anyOf = (values: readonly string[]): string =>
  `one_of(${values.map((value) => `"${value}"`).join(', ')})`;
