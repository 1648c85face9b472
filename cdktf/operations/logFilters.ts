import type { ConsumerFunction, DeployedFunction } from '../../shared/topology.ts';
import type { DeploymentConfig } from '../config.ts';
import { functionName } from '../names.ts';

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

/** One line for each delivery of a message. */
export const outcomeLines = (config: DeploymentConfig, functions = CONSUMERS): string =>
  `${linesOf(config, functions)} AND jsonPayload.message="message settled"`;

/** One line for each dead letter that `onDlq` settled: `parked` and `matched` are payments that came before their order. */
export const deadLetterLines = (config: DeploymentConfig, outcomes: readonly string[]): string =>
  `${outcomeLines(config, ['onDlq'])} AND jsonPayload.outcome=${anyOf(outcomes)}`;

/** One line for each call of the audit that could look. */
export const auditLines = (config: DeploymentConfig): string =>
  `${linesOf(config, ['audit'])} AND jsonPayload.message="audit finished"`;
