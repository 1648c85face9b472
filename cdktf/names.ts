import { type DeployedFunction, nameIn } from '../shared/topology.ts';
import type { DeploymentConfig } from './config.ts';

type Place = Pick<DeploymentConfig, 'project' | 'projectNumber' | 'environment'>;

/** Functions and Cloud Run services take small letters, digits and dashes only. */
const FUNCTION_NAME = {
  onOrder: 'tally-on-order',
  onPayment: 'tally-on-payment',
  onDlq: 'tally-on-dlq',
  simulate: 'tally-simulate',
  audit: 'tally-audit',
} as const satisfies Record<DeployedFunction, string>;

/**
 * The stack, and with it its folder and its state: one of an environment in a project. A project's id has no dot, so that no two
 * of them read the same.
 */
export const stackName = ({ project, environment }: Place): string =>
  `${project}.${nameIn(environment, 'tally')}`;

/** The longest of all names with the shortest limit: service accounts have 30 characters, which leaves 13 for an environment. */
export const functionName = ({ environment }: Place, name: DeployedFunction): string =>
  nameIn(environment, FUNCTION_NAME[name]);

/** Cloud Scheduler's job that calls the audit. */
export const auditJobName = ({ environment }: Place): string => nameIn(environment, 'tally-audit');

export const accountId = ({ environment }: Place, job: 'push' | 'scheduler' | 'build'): string =>
  nameIn(environment, `tally-${job}`);

/** Buckets share one namespace with all of Google Cloud, so the project is in the name. */
export const sourceBucketName = ({ project, environment }: Place): string =>
  `${project}-${nameIn(environment, 'tally-source')}`;

export const labelsOf = ({ environment }: Place): Record<string, string> => ({
  app: 'tally',
  environment: environment ?? 'default',
});

/** Google's own account that moves messages: it forwards to dead-letter topics. */
export const pubSubAgent = ({ projectNumber }: Place): string =>
  `serviceAccount:service-${projectNumber}@gcp-sa-pubsub.iam.gserviceaccount.com`;
