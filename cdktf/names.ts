import { type DeployedFunction, nameIn, SERVICE_NAME } from '../shared/topology.ts';
import type { DeploymentConfig } from './config.ts';

type Place = Pick<DeploymentConfig, 'project' | 'projectNumber' | 'environment'>;

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
  nameIn(environment, SERVICE_NAME[name]);

/** The name of the Cloud Scheduler job that calls the audit. */
export const auditJobName = ({ environment }: Place): string => nameIn(environment, 'tally-audit');

type AccountJob = 'push' | 'scheduler' | 'build' | 'commands' | 'worker';

export const accountId = ({ environment }: Place, job: AccountJob): string =>
  nameIn(environment, `tally-${job}`);

/**
 * The name contains the project, because all buckets of Google Cloud share one namespace. The fixed word
 * stands between both names: `my-project` with `staging` is not `my-project-staging`.
 */
export const sourceBucketName = (place: Place): string => bucketName(place, 'tally-source');

/** The name of the Cloud Run job that runs Tally's commands. */
export const commandJobName = ({ environment }: Place): string => nameIn(environment, 'tally-commands');

/** The name of the Cloud Run worker pool that pulls from the subscriptions. */
export const workerPoolName = ({ environment }: Place): string => nameIn(environment, 'tally-worker');

/** The bucket of what the commands print and of the files that they read. */
export const commandBucketName = (place: Place): string => bucketName(place, 'tally-commands');

const bucketName = ({ project, environment }: Place, name: string): string =>
  [project, name, ...(environment === undefined ? [] : [environment])].join('-');

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
