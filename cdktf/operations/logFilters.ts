import type { DeadLetterReason } from '../../shared/domain/deadLetter.ts';
import type { FindingReason } from '../../shared/domain/finding.ts';
import { type ConsumerFunction, DEPLOYED_FUNCTIONS, type DeployedFunction } from '../../shared/topology.ts';
import type { DeploymentConfig } from '../config.ts';
import { auditJobName, functionName, workerPoolName } from '../names.ts';

/**
 * Filters for the log lines of this environment's functions, in the query language of Cloud Logging:
 * https://cloud.google.com/logging/docs/view/logging-query-language. `docs/runbook.md` explains the fields.
 */
const CONSUMERS: readonly ConsumerFunction[] = ['onOrder', 'onPayment', 'onDlq'];

const anyOf = (values: readonly string[]): string => `(${values.map((value) => `"${value}"`).join(' OR ')})`;

/** The functions of a deployment. With a worker, none of them is a consumer. */
export const functionsOf = ({ worker }: DeploymentConfig): readonly DeployedFunction[] =>
  worker === undefined ? DEPLOYED_FUNCTIONS : ['simulate', 'audit'];

export const linesOf = (config: DeploymentConfig, functions: readonly DeployedFunction[]): string =>
  [
    'resource.type="cloud_run_revision"',
    `resource.labels.service_name=${anyOf(functions.map((name) => functionName(config, name)))}`,
  ].join(' AND ');

const workerLines = (config: DeploymentConfig): string =>
  `resource.type="cloud_run_worker_pool" AND resource.labels.worker_pool_name="${workerPoolName(config)}"`;

/** In a worker, each consumer has a log of its own, with its name as the label `function`. */
const consumerLines = (config: DeploymentConfig, consumers: readonly ConsumerFunction[]): string =>
  config.worker === undefined
    ? linesOf(config, consumers)
    : `${workerLines(config)} AND labels.function=${anyOf(consumers)}`;

/**
 * Errors that a function, the worker or the platform logs: a bug with its stack, an instance that does not
 * start or has no memory left. It leaves out the platform's own line for each request. A function answers 503
 * to get a message again later, and the platform logs that as an error.
 */
export const errorLines = (config: DeploymentConfig): string => {
  const functions = linesOf(config, functionsOf(config));
  const all = config.worker === undefined ? functions : `((${functions}) OR (${workerLines(config)}))`;
  return `${all} AND severity>=ERROR AND -logName:"run.googleapis.com%2Frequests"`;
};

/** One line for each failed call of the audit, even if the call never reached the function. */
export const failedCallLines = (config: DeploymentConfig): string =>
  `resource.type="cloud_scheduler_job" AND resource.labels.job_id="${auditJobName(config)}" AND severity>=ERROR`;

/** One line for each delivery of a message. */
export const outcomeLines = (config: DeploymentConfig, consumers = CONSUMERS): string =>
  `${consumerLines(config, consumers)} AND jsonPayload.message="message settled"`;

/**
 * One line for each message of which `onDlq` recorded a dead letter with this reason, whatever became of the
 * message itself. The field `reason` has all of its reasons, joined by commas, and no reason is in another.
 */
export const deadLetterLines = (config: DeploymentConfig, reason: DeadLetterReason): string =>
  `${outcomeLines(config, ['onDlq'])} AND jsonPayload.reason:"${reason}"`;

/** One line for each message that can never be accepted, whichever function got it. */
export const invalidLines = (config: DeploymentConfig): string =>
  `${outcomeLines(config)} AND jsonPayload.outcome="invalid"`;

/**
 * One line for each message that told this finding. A comparison with a list is true if one element matches.
 */
export const findingLines = (config: DeploymentConfig, reason: FindingReason): string =>
  `${outcomeLines(config)} AND jsonPayload.findings="${reason}"`;

/** One line for each delivery of a message in which card numbers are masked (I8). */
export const maskedLines = (config: DeploymentConfig): string =>
  `${outcomeLines(config)} AND jsonPayload.redacted=true`;

/** What the audit found. A call writes one or more lines, and no row is in two of them. */
export const auditLines = (config: DeploymentConfig): string =>
  `${linesOf(config, ['audit'])} AND jsonPayload.message="audit finished"`;
