import { type ConsumerFunction, DEPLOYED_FUNCTIONS, type DeployedFunction } from '../../shared/topology.ts';
import type { DeploymentConfig } from '../config.ts';
import { auditJobName, functionName } from '../names.ts';

/**
 * The lines of this environment's functions, in Cloud Logging's query language:
 * https://cloud.google.com/logging/docs/view/logging-query-language. The fields are those of `docs/runbook.md`.
 */
const CONSUMERS: readonly ConsumerFunction[] = ['onOrder', 'onPayment', 'onDlq'];

const anyOf = (values: readonly string[]): string => `(${values.map((value) => `"${value}"`).join(' OR ')})`;

export const linesOf = (config: DeploymentConfig, functions: readonly DeployedFunction[]): string =>
  [
    'resource.type="cloud_run_revision"',
    `resource.labels.service_name=${anyOf(functions.map((name) => functionName(config, name)))}`,
  ].join(' AND ');

/**
 * Errors that a function or its platform tells of: a bug with its stack, an instance that does not start or runs out of memory. The
 * platform's line of each request is left out, for a 503, which is how a message is given back, is an error there.
 */
export const errorLines = (config: DeploymentConfig): string =>
  `${linesOf(config, DEPLOYED_FUNCTIONS)} AND severity>=ERROR AND -logName:"run.googleapis.com%2Frequests"`;

/** One line for each call of the audit that was not answered with success, whether or not the function heard of it. */
export const failedCallLines = (config: DeploymentConfig): string =>
  `resource.type="cloud_scheduler_job" AND resource.labels.job_id="${auditJobName(config)}" AND severity>=ERROR`;

/** One line for each delivery of a message. */
export const outcomeLines = (config: DeploymentConfig, functions = CONSUMERS): string =>
  `${linesOf(config, functions)} AND jsonPayload.message="message settled"`;

/** One line for each dead letter that `onDlq` settled: `parked` and `matched` are payments that came before their order. */
export const deadLetterLines = (config: DeploymentConfig, outcomes: readonly string[]): string =>
  `${outcomeLines(config, ['onDlq'])} AND jsonPayload.outcome=${anyOf(outcomes)}`;

/** The lines of the audit's calls that could look: one or more a call, no slice in two of them. */
export const auditLines = (config: DeploymentConfig): string =>
  `${linesOf(config, ['audit'])} AND jsonPayload.message="audit finished"`;
