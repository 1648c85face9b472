import { type DeployedFunction, nameIn } from '../shared/topology.ts';
import type { DeploymentConfig } from './config.ts';

type Place = Pick<DeploymentConfig, 'project' | 'projectNumber' | 'environment'>;

/** Names of functions and Cloud Run services may have only lower-case letters, digits and dashes. */
const FUNCTION_NAME = {
  onOrder: 'tally-on-order',
  onPayment: 'tally-on-payment',
  onDlq: 'tally-on-dlq',
  simulate: 'tally-simulate',
  audit: 'tally-audit',
} as const satisfies Record<DeployedFunction, string>;

/**
 * The name of the stack, of its folder and of its state. It is different for each environment in each
 * project, because a project's id has no dot: `my-project` and `staging` give `my-project.staging-tally`.
 */
export const stackName = ({ project, environment }: Place): string =>
  `${project}.${nameIn(environment, 'tally')}`;

/**
 * The name of a function, of its Cloud Run service and of its service account. An account's name has at most
 * 30 characters, so the longest of these leaves 13 for the name of an environment.
 */
export const functionName = ({ environment }: Place, name: DeployedFunction): string =>
  nameIn(environment, FUNCTION_NAME[name]);

/** The name of the Cloud Scheduler job that calls the audit. */
export const auditJobName = ({ environment }: Place): string => nameIn(environment, 'tally-audit');

export const accountId = ({ environment }: Place, job: 'push' | 'scheduler' | 'build' | 'commands'): string =>
  nameIn(environment, `tally-${job}`);

/** The name contains the project, because all buckets of Google Cloud share one namespace. */
export const sourceBucketName = ({ project, environment }: Place): string =>
  `${project}-${nameIn(environment, 'tally-source')}`;

/** The name of the Cloud Run job that runs Tally's commands. */
export const commandJobName = ({ environment }: Place): string => nameIn(environment, 'tally-commands');

/** The bucket of what the commands print and of the files that they read. */
export const commandBucketName = ({ project, environment }: Place): string =>
  `${project}-${nameIn(environment, 'tally-commands')}`;

/**
 * The bucket into which Cloud Run functions copies each archive. It makes the bucket itself, and its build
 * reads the archive there.
 */
export const buildBucketName = ({ projectNumber, region }: DeploymentConfig): string =>
  `gcf-v2-sources-${projectNumber}-${region}`;

export const labelsOf = ({ environment }: Place): Record<string, string> => ({
  app: 'tally',
  environment: environment ?? 'default',
});

/** The account of Pub/Sub itself. With it, Pub/Sub forwards messages to dead-letter topics. */
export const pubSubAgent = ({ projectNumber }: Place): string =>
  `serviceAccount:service-${projectNumber}@gcp-sa-pubsub.iam.gserviceaccount.com`;
