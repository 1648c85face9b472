import { nameIn, SUBSCRIPTIONS } from '../../shared/topology.ts';
import type { DeploymentConfig } from '../config.ts';
import { functionName } from '../names.ts';
import {
  auditLines,
  invalidLines,
  errorLines,
  failedCallLines,
  findingLines,
  linesOf,
} from './logFilters.ts';
import { logMetrics } from './logMetrics.ts';
import { promSelector } from './promSelector.ts';

/** The link to a section of `docs/runbook.md`, as GitHub makes it from the heading. */
type RunbookSection =
  | 'dead-letters-with-the-reason-invalid'
  | 'two-payments-for-one-order'
  | 'one-payment-with-two-contents'
  | 'two-versions-of-one-order'
  | 'too-many-events-for-one-order'
  | 'a-violation'
  | 'a-payment-waits-too-long'
  | 'the-scheduled-audit'
  | 'a-pass-takes-too-long'
  | 'the-schedulers-calls-fail'
  | 'messages-wait'
  | 'pushes-fail'
  | 'the-worker-gives-messages-back'
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
  /**
   * Fires when a PromQL query has had a result for `forSeconds`. Google does not ask whether its metric is
   * there, so it may watch one that the same deployment makes, and one that never had a value.
   */
  | { readonly kind: 'query'; readonly query: string; readonly forSeconds: number };

/** Failed deliveries per second. By push, one nack in ten seconds is enough to keep a subscription slow. */
const FAILURES_PER_SECOND_MAX = 0.1;
const FAILURES_FOR_SECONDS = 300;
/**
 * A query looks back for so long, and must then fire for as long: an hour together, which is six calls of the
 * audit. After a first deployment, the first call has been counted before half of the hour is over.
 */
const AUDIT_SILENT_MINUTES = 30;
/** Google counts log lines some minutes late, so a query looks back for longer than that. */
const GIVEN_BACK_MINUTES = 10;
const PER_SUBSCRIPTION = ['resource.label.subscription_id'];
/** Pub/Sub keeps a message for so long. What a slower audit finds cannot be delivered again. */
const AUDIT_PASS_DAYS_MAX = 7;

/** Returns all alerts of a deployment. Each links to its section of the runbook. */
export const alertsOf = (config: DeploymentConfig): readonly Alert[] => [
  invalidAlert(config),
  ...findingAlerts(config),
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

const invalidAlert = (config: DeploymentConfig): Alert => ({
  id: 'invalid',
  title: 'a message that nobody can read',
  severity: 'WARNING',
  section: 'dead-letters-with-the-reason-invalid',
  says:
    'A producer sent a message that is not a valid order or payment. ' +
    'Tally keeps it as a dead letter and does not try it again.',
  condition: { kind: 'line', filter: invalidLines(config) },
});

/** What the messages of an order show, and a person must look at. Each is told when it happens. */
const findingAlerts = (config: DeploymentConfig): readonly Alert[] => [
  {
    id: 'conflict',
    title: 'an order that is paid twice',
    severity: 'WARNING',
    section: 'two-payments-for-one-order',
    says: 'More than one payment of an order was last said to be paid. Tally keeps all of them.',
    condition: { kind: 'line', filter: findingLines(config, 'conflict') },
  },
  {
    id: 'changed',
    title: 'a payment with two contents',
    severity: 'WARNING',
    section: 'one-payment-with-two-contents',
    says: 'A payment id came twice, with the same status, and another method or card.',
    condition: { kind: 'line', filter: findingLines(config, 'changed') },
  },
  {
    id: 'rivals',
    title: 'an order with two versions of the same time',
    severity: 'WARNING',
    section: 'two-versions-of-one-order',
    says: 'Nobody can tell which version is the newer one. Tally shows one of them, the same one everywhere.',
    condition: { kind: 'line', filter: findingLines(config, 'rivals') },
  },
  {
    id: 'too-many',
    title: 'an order with too many events',
    severity: 'WARNING',
    section: 'too-many-events-for-one-order',
    says: 'A producer sends payments for one order, versions of one time, or long texts, again and again.',
    condition: { kind: 'line', filter: findingLines(config, 'too_many') },
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
      says:
        'Two looks of the audit saw rows that break a promise, and no message is on its way for so long. ' +
        'Its log line has the details.',
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
    id: 'audit-slow',
    title: `a pass of the audit takes more than ${AUDIT_PASS_DAYS_MAX} days`,
    severity: 'WARNING',
    section: 'a-pass-takes-too-long',
    says: 'The audit works, but it does not look at every row once in this time.',
    condition: {
      kind: 'line',
      filter: `${auditLines(config)} AND jsonPayload.pass_seconds>${AUDIT_PASS_DAYS_MAX * 24 * 3600}`,
    },
  },
  {
    id: 'audit-silent',
    title: 'the audit does not run',
    severity: 'ERROR',
    section: 'the-scheduled-audit',
    says: 'No call of the audit has succeeded for an hour, or none ever has.',
    condition: {
      kind: 'query',
      // A condition on an absent metric would stay silent if no call has ever succeeded.
      query: `(sum(increase(${answeredCalls(config)}[${AUDIT_SILENT_MINUTES}m])) or vector(0)) == 0`,
      forSeconds: AUDIT_SILENT_MINUTES * 60,
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
  return [
    {
      id: 'unacked',
      title: `a message has waited for more than ${oldestUnackedMinutes} min`,
      severity: 'ERROR',
      section: 'messages-wait',
      says:
        'Messages come faster than they are handled, or nothing handles them at all: ' +
        'a function or the worker does not run.',
      condition: {
        kind: 'above',
        filter: subscriptionMetric(config, 'oldest_unacked_message_age'),
        aligner: 'ALIGN_MAX',
        groupBy: PER_SUBSCRIPTION,
        threshold: oldestUnackedMinutes * 60,
        forSeconds: 0,
      },
    },
    config.worker === undefined ? pushAlert(config) : pullAlert(config),
  ];
};

const pushAlert = (config: DeploymentConfig): Alert => ({
  id: 'push-errors',
  title: 'pushes fail',
  severity: 'ERROR',
  section: 'pushes-fail',
  says: 'A function does not ack the messages that it gets. Each failure slows down its subscription.',
  condition: {
    kind: 'above',
    filter: `${subscriptionMetric(config, 'push_request_count')} AND metric.labels.response_class != "ack"`,
    aligner: 'ALIGN_RATE',
    groupBy: PER_SUBSCRIPTION,
    threshold: FAILURES_PER_SECOND_MAX,
    forSeconds: FAILURES_FOR_SECONDS,
  },
});

/** Pub/Sub counts no messages that a stream gives back, so the outcome lines do. */
const pullAlert = (config: DeploymentConfig): Alert => ({
  id: 'given-back',
  title: 'the worker gives messages back',
  severity: 'ERROR',
  section: 'the-worker-gives-messages-back',
  says: 'The worker cannot handle the messages that it pulls. Each comes again after its backoff.',
  condition: {
    kind: 'query',
    query: `sum(rate(${givenBack(config)}[${GIVEN_BACK_MINUTES}m])) > ${FAILURES_PER_SECOND_MAX}`,
    forSeconds: 0,
  },
});

const givenBack = (config: DeploymentConfig): string =>
  promSelector(`logging.googleapis.com/user/${logMetrics(config).outcomes.name}`, {
    monitored_resource: 'cloud_run_worker_pool',
    outcome: 'retry',
  });

const answeredCalls = (config: DeploymentConfig): string =>
  promSelector('run.googleapis.com/request_count', {
    monitored_resource: 'cloud_run_revision',
    service_name: functionName(config, 'audit'),
    response_code_class: '2xx',
  });

const subscriptionMetric = (config: DeploymentConfig, metric: string): string =>
  [
    `metric.type = "pubsub.googleapis.com/subscription/${metric}"`,
    'resource.type = "pubsub_subscription"',
    `resource.labels.subscription_id = ${anyOf(SUBSCRIPTIONS.map(({ name }) => nameIn(config.environment, name)))}`,
  ].join(' AND ');

const anyOf = (values: readonly string[]): string =>
  `one_of(${values.map((value) => `"${value}"`).join(', ')})`;
