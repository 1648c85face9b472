import { type ConsumerFunction, DEPLOYED_FUNCTIONS, type DeployedFunction } from '../../shared/topology.ts';
import type { DeploymentConfig } from '../config.ts';
import { auditJobName, functionName } from '../names.ts';

/**
 * Filters for the log lines of this environment's functions, in the query language of Cloud Logging:
 * https://cloud.google.com/logging/docs/view/logging-query-language. `docs/runbook.md` explains the fields.
 */
const CONSUMERS: readonly ConsumerFunction[] = ['onOrder', 'onPayment', 'onDlq'];

const anyOf = (values: readonly string[]): string => `(${values.map((value) => `"${value}"`).join(' OR ')})`;

export const linesOf = (config: DeploymentConfig, functions: readonly DeployedFunction[]): string =>
  [
    'resource.type="cloud_run_revision"',
    `resource.labels.service_name=${anyOf(functions.map((name) => functionName(config, name)))}`,
  ].join(' AND ');

/**
 * Errors that a function or the platform logs: a bug with its stack, an instance that does not start or has
 * no memory left. It leaves out the platform's own line for each request. A function answers 503 to get a
 * message again later, and the platform logs that as an error.
 */
export const errorLines = (config: DeploymentConfig): string =>
  `${linesOf(config, DEPLOYED_FUNCTIONS)} AND severity>=ERROR AND -logName:"run.googleapis.com%2Frequests"`;

/** One line for each failed call of the audit, even if the call never reached the function. */
export const failedCallLines = (config: DeploymentConfig): string =>
  `resource.type="cloud_scheduler_job" AND resource.labels.job_id="${auditJobName(config)}" AND severity>=ERROR`;

/** One line for each delivery of a message. */
export const outcomeLines = (config: DeploymentConfig, functions = CONSUMERS): string =>
  `${linesOf(config, functions)} AND jsonPayload.message="message settled"`;

/**
 * One line for each dead letter that `onDlq` settled with one of these outcomes. `parked` and `matched` are
 * payments that came before their order.
 */
export const deadLetterLines = (config: DeploymentConfig, outcomes: readonly string[]): string =>
  `${outcomeLines(config, ['onDlq'])} AND jsonPayload.outcome=${anyOf(outcomes)}`;

/** What the audit found. A call writes one or more lines, and no slice is in two of them. */
export const auditLines = (config: DeploymentConfig): string =>
  `${linesOf(config, ['audit'])} AND jsonPayload.message="audit finished"`;
