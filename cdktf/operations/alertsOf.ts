import { nameIn, SUBSCRIPTIONS } from '../../shared/topology.ts';
import type { DeploymentConfig } from '../config.ts';
import { functionName } from '../names.ts';
import { auditLines, deadLetterLines, errorLines, failedCallLines, linesOf } from './logFilters.ts';

/** A section of `docs/runbook.md`, as its headings are linked to. */
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
  /** One sentence for the person who is woken up. */
  readonly says: string;
  readonly condition: Condition;
}

export type Condition =
  /** Any line that matches. It needs no metric, which Google would know only minutes after it was made. */
  | { readonly kind: 'line'; readonly filter: string }
  /** A metric of Google's above a number for as long as `forSeconds`. */
  | {
      readonly kind: 'above';
      readonly filter: string;
      readonly aligner: 'ALIGN_MAX' | 'ALIGN_RATE';
      readonly groupBy: readonly string[];
      readonly threshold: number;
      readonly forSeconds: number;
    }
  /** A metric of Google's that says nothing for as long as `forSeconds`. */
  | { readonly kind: 'silent'; readonly filter: string; readonly forSeconds: number };

/** Failed pushes a second. One nack every ten seconds is enough to slow a subscription down for good. */
const PUSH_ERRORS_PER_SECOND_MAX = 0.1;
const PUSH_ERRORS_FOR_SECONDS = 300;
/** Several calls of the audit in a row. */
const AUDIT_SILENT_SECONDS = 3600;

const anyOf = (values: readonly string[]): string =>
  `one_of(${values.map((value) => `"${value}"`).join(', ')})`;

export const alertsOf = (config: DeploymentConfig): readonly Alert[] => {
  const { oldestUnackedMinutes, parkedHours } = config.alerts;
  const subscriptions = anyOf(SUBSCRIPTIONS.map(({ name }) => nameIn(config.environment, name)));
  const ofSubscriptions = `resource.type = "pubsub_subscription" AND resource.labels.subscription_id = ${subscriptions}`;
  const perSubscription = ['resource.label.subscription_id'];
  return [
    {
      id: 'invalid',
      title: 'dead letters that nobody can read',
      severity: 'WARNING',
      section: 'dead-letters-with-the-reason-invalid',
      says: 'A producer sent a message that is no order and no payment. It is kept, and will not be tried again.',
      condition: { kind: 'line', filter: deadLetterLines(config, ['invalid']) },
    },
    {
      id: 'conflict',
      title: 'an order with two payments',
      severity: 'WARNING',
      section: 'two-payments-for-one-order',
      says: 'A second, different payment came for an order. Both are kept.',
      condition: { kind: 'line', filter: deadLetterLines(config, ['conflict']) },
    },
    {
      id: 'violation',
      title: 'a promise is broken',
      severity: 'CRITICAL',
      section: 'a-violation',
      says: 'The audit found tables that say what they must not say; its line has the details.',
      condition: { kind: 'line', filter: `${auditLines(config)} AND jsonPayload.violations>0` },
    },
    {
      id: 'parked',
      title: `a payment has waited for more than ${parkedHours} h`,
      severity: 'WARNING',
      section: 'a-payment-waits-too-long',
      says: 'Its order has not come. Nothing is lost, and nothing here can bring it.',
      condition: {
        kind: 'line',
        filter: `${auditLines(config)} AND jsonPayload.oldest_parked_seconds>${parkedHours * 3600}`,
      },
    },
    {
      id: 'audit-failed',
      title: 'the audit could not look, or found another schema',
      severity: 'ERROR',
      section: 'the-scheduled-audit',
      says: 'Until it can, nobody would notice a broken promise.',
      condition: {
        kind: 'line',
        filter: `${linesOf(config, ['audit'])} AND (jsonPayload.message="audit failed" OR jsonPayload.outcome="schema")`,
      },
    },
    {
      id: 'audit-silent',
      title: 'the audit does not run',
      severity: 'ERROR',
      section: 'the-scheduled-audit',
      says: 'No call of it was answered for an hour.',
      condition: {
        kind: 'silent',
        filter: `metric.type = "run.googleapis.com/request_count" AND resource.type = "cloud_run_revision" AND resource.labels.service_name = "${functionName(config, 'audit')}" AND metric.labels.response_code_class = "2xx"`,
        forSeconds: AUDIT_SILENT_SECONDS,
      },
    },
    {
      id: 'scheduler-failed',
      title: 'the scheduler’s call of the audit failed',
      severity: 'ERROR',
      section: 'the-schedulers-calls-fail',
      says: 'It was refused, was not answered in time, or was answered that the audit could not look.',
      condition: { kind: 'line', filter: failedCallLines(config) },
    },
    {
      id: 'unacked',
      title: `a message has waited for more than ${oldestUnackedMinutes} min`,
      severity: 'ERROR',
      section: 'messages-wait',
      says: 'Messages come faster than they are handled, or are not handled at all.',
      condition: {
        kind: 'above',
        filter: `metric.type = "pubsub.googleapis.com/subscription/oldest_unacked_message_age" AND ${ofSubscriptions}`,
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
      says: 'Functions answer otherwise than with an ack, or not at all. Each failure slows its subscription down.',
      condition: {
        kind: 'above',
        filter: `metric.type = "pubsub.googleapis.com/subscription/push_request_count" AND ${ofSubscriptions} AND metric.labels.response_class != "ack"`,
        aligner: 'ALIGN_RATE',
        groupBy: perSubscription,
        threshold: PUSH_ERRORS_PER_SECOND_MAX,
        forSeconds: PUSH_ERRORS_FOR_SECONDS,
      },
    },
    {
      id: 'bug',
      title: 'an error that nobody expected',
      severity: 'ERROR',
      section: 'everything-is-retried',
      says: 'A function logged an error with its stack. The message is tried again; roll back if it is not the world.',
      condition: { kind: 'line', filter: errorLines(config) },
    },
  ];
};
