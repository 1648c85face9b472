import { type Config, type Environment, loadConfig } from '../shared/config.ts';
import { isRunningSystemUsed, isSet, withRunningSystem } from './runFile.ts';
import { toJsonLine } from './toJsonLine.ts';
import { UnableError } from './unableError.ts';

/** What a command is about to touch. */
export interface Target {
  readonly config: Config;
  /** One line that says it: project, keyspace and cluster. */
  readonly sentence: string;
}

interface TargetNeeds {
  /** It changes the tables. */
  readonly writes: boolean;
  /** It publishes, so it needs a project beside the tables. */
  readonly publishes: boolean;
  readonly json: boolean;
}

/**
 * Finds out what a command is about to touch, and says so on standard error before anything is touched.
 * Without a variable that names a store it is the system that runs here. Who changes a store beyond this
 * machine must name all of it, so that no default and no leftover of a shell decides what production is.
 * @throws UnableError that names every variable that is missing, or that does not fit to the others.
 */
export const chooseTarget = async (
  env: Environment,
  { writes, publishes, json }: TargetNeeds,
): Promise<Target> => {
  const whole = await withRunningSystem(env);
  const config = loadConfig(whole);
  const problems = problemsOf(config, whole, { writes, publishes });
  if (problems.length > 0) {
    throw new UnableError(`the target is not clear:\n${problems.map((one) => `  - ${one}`).join('\n')}`);
  }
  const isOwn = isRunningSystemUsed(env);
  const sentence = describeTarget(config, publishes, isOwn);
  console.error(json ? toJsonLine({ event: 'target', ...partsOf(config, publishes) }) : sentence);
  return { config, sentence };
};

const problemsOf = (
  { store }: Config,
  env: Environment,
  { writes, publishes }: Pick<TargetNeeds, 'writes' | 'publishes'>,
): string[] => {
  if (store.kind === 'memory') return [];
  const problems: string[] = [];
  const hasEmulator = isSet(env, 'PUBSUB_EMULATOR_HOST');
  // A tunnel may make a far cluster look near. So whoever publishes to Google Cloud names all, too.
  const isFar = !store.isLocal || (publishes && !hasEmulator);
  if (writes && isFar && !isSet(env, 'CASSANDRA_KEYSPACE')) {
    problems.push(
      'CASSANDRA_KEYSPACE: expected a keyspace, got nothing: it has no default beyond this machine',
    );
  }
  if (!publishes) return problems;
  if (!store.isLocal && hasEmulator) {
    problems.push(
      'PUBSUB_EMULATOR_HOST: expected nothing, because Cassandra is not on this machine: unset it',
    );
  }
  if (!hasEmulator && !isSet(env, 'GOOGLE_CLOUD_PROJECT')) {
    problems.push('GOOGLE_CLOUD_PROJECT: expected the project to publish to, got nothing');
  }
  return problems;
};

/** The same as fields. Null: this command does not touch it, or nobody has said it. */
export const partsOf = (
  { store, projectId, pubsubEmulatorHost, environment }: Config,
  publishes: boolean,
) => ({
  project: publishes ? (projectId ?? null) : null,
  pubsub: publishes ? (pubsubEmulatorHost ?? 'Google Cloud') : null,
  environment: environment ?? null,
  keyspace: store.kind === 'memory' ? null : store.keyspace,
  cluster: clusterOf(store),
});

const clusterOf = (store: Config['store']): string => {
  if (store.kind === 'memory') return `memory at ${store.url}`;
  if (store.secureConnectBundle !== undefined) return `Astra of ${store.secureConnectBundle}`;
  return `Cassandra at ${store.contactPoints.map((host) => `${host}:${store.port}`).join(', ')} (${store.localDataCenter})`;
};

const describeTarget = (config: Config, publishes: boolean, isOwn: boolean): string => {
  const { project, pubsub, environment, keyspace, cluster } = partsOf(config, publishes);
  const parts = [
    ...(publishes ? [`project ${project} (${pubsub})`] : []),
    ...(environment === null ? [] : [`environment ${environment}`]),
    ...(keyspace === null ? [] : [`keyspace ${keyspace}`]),
    cluster,
  ];
  return `${isOwn ? 'The system that runs here' : 'Target'}: ${parts.join(', ')}`;
};
