import { join } from 'node:path';
import {
  type Environment,
  LOCAL_PROJECT_ID,
  loadConfig,
  loadTracesConfig,
  TRACES_VARIABLES,
  valueIn,
} from '../shared/config.ts';
import { migrate } from '../shared/store/migrate.ts';
import { FUNCTIONS, type TallyFunction } from '../shared/topology.ts';
import type { CassandraKind } from './cassandra/options.ts';
import { type CassandraChoice, chooseCassandra, startCassandra } from './cassandra/startCassandra.ts';
import type { CassandraSwitch } from './cassandra/startSwitchableCassandra.ts';
import type { ConsumeKind } from './consumeKinds.ts';
import type { LocalPorts } from './localPorts.ts';
import type { LocalPart } from './localPart.ts';
import { createLocalParts, type LocalParts } from './localParts.ts';
import { assertPortsFree, type NeededPort } from './ports.ts';
import type { Progress } from './progress.ts';
import { provision } from './pubsub/provision.ts';
import type { FaultSettings, FaultSwitch } from './pubsub/server/faults.ts';
import { choosePubSub, findPubSub } from './pubsub/startPubSub.ts';
import type { Witness } from './pubsub/server/witness.ts';
import { startFunction } from './startFunction.ts';
import { startWorker } from './startWorker.ts';
import { type PubSubKind } from './pubsub/pubSubKinds.ts';

interface LocalOptions {
  /** Undefined: the first kind that this machine has. */
  readonly cassandra?: CassandraKind | undefined;
  readonly pubsub?: PubSubKind | undefined;
  /** What goes wrong on purpose. Only the local Pub/Sub can do that. */
  readonly pubsubFaults?: FaultSettings | undefined;
  /** Default `push`. */
  readonly consume?: ConsumeKind | undefined;
  readonly ports: LocalPorts;
  /** What the caller will listen on beside them. Checked with them, before anything starts. */
  readonly otherPorts?: readonly NeededPort[];
  /** An absolute path: for what is downloaded once. */
  readonly downloadFolder: string;
  /** An absolute path. Logs of an earlier run are overwritten. */
  readonly logFolder: string;
  /** An absolute path: for Cassandra's data. */
  readonly dataFolder: string;
  /** Default false. True: deletes the data that an earlier run kept. */
  readonly fresh?: boolean;
  /** Default true. False: the data may go when the system stops. */
  readonly keepsState?: boolean;
  readonly env: Environment;
  readonly progress: Progress;
  /**
   * Default false. True: the subscriptions push nothing until `startConsumers`, so that a backlog builds up.
   */
  readonly holdsBacklog?: boolean;
  /** Gets every line that a function or the worker logs, with the name of the process. */
  readonly onFunctionLine?: (name: string, line: string) => void;
  /**
   * Given: the system outlives its Cassandra, if that comes from Maven. It can be stopped and started again,
   * and this is called when it ends by itself. Left out: everything is stopped then.
   */
  readonly onCassandraDied?: (error: unknown) => void;
  /** Sees every message of Pub/Sub, if that is Tally's own. */
  readonly witness?: Witness;
}

type FunctionUrls = Partial<Record<TallyFunction, string>> & { readonly simulate: string };

/** A running system. Everything listens on 127.0.0.1. */
export interface LocalSystem {
  readonly projectId: string;
  readonly keyspace: string;
  readonly cassandra: LocalPart;
  readonly pubsub: LocalPart;
  readonly functions: readonly LocalPart[];
  /** Only the simulator has one in a system that pulls. */
  readonly functionUrls: FunctionUrls;
  /** The variables with which a function, a command or a client reaches this system. */
  readonly env: Readonly<Record<string, string>>;
  /** What can be made to go wrong while it runs. Undefined where this kind cannot do that. */
  readonly switches: {
    readonly cassandra: CassandraSwitch | undefined;
    readonly pubsubFaults: Omit<FaultSwitch, 'faults'> | undefined;
  };
  /** Lets the subscriptions deliver. Only a system with `holdsBacklog` needs it. */
  readonly startConsumers: () => Promise<void>;
  /**
   * Rejects when a part ends by itself, except one in Docker. The error says what to do. Never resolves.
   */
  readonly died: Promise<never>;
  /** Stops everything in a limited time: first the functions, then what they need. May be called twice. */
  readonly stop: () => Promise<void>;
}

/**
 * Starts Cassandra, Pub/Sub and the four functions, or the simulator and the worker. Applies the schema, and
 * creates the topics and subscriptions.
 * @throws Error that says what to do. The parts that had started by then are stopped. Nothing is started when
 * a port is taken, or what Pub/Sub needs is missing.
 */
export const startLocal = async (options: LocalOptions): Promise<LocalSystem> => {
  const choice = await chooseCassandra({ ...options, kind: options.cassandra });
  assertConfigured(options);
  await assertPortsFree(neededPorts(options, choice));
  const startPubSub = await findPubSub({
    ...options,
    kind: options.pubsub,
    port: options.ports.pubsub,
    faults: options.pubsubFaults,
  });
  const parts = createLocalParts(options.keepsState ?? true);
  try {
    return await Promise.race([startParts(options, { choice, startPubSub }, parts), parts.died]);
  } catch (error) {
    await parts.stop();
    throw parts.advised(error);
  }
};

/**
 * What the user has set is checked before Cassandra takes its seconds. Where the parts will listen does not
 * matter to that.
 */
const assertConfigured = ({ env, pubsub, ports }: LocalOptions): void => {
  const isExternal = choosePubSub({ kind: pubsub, env }) === 'external';
  loadTracesConfig('tally', env);
  loadConfig(
    systemEnv(env, {
      CASSANDRA_CONTACT_POINTS: `127.0.0.1:${ports.cassandra}`,
      PUBSUB_EMULATOR_HOST:
        (isExternal && valueIn(env, 'PUBSUB_EMULATOR_HOST')) || `127.0.0.1:${ports.pubsub}`,
    }),
  );
};

/** The ports that this process or its children will listen on. The store in memory takes any. */
const neededPorts = (options: LocalOptions, { kind }: CassandraChoice): NeededPort[] => {
  const { cassandra, pubsub, functions } = options.ports;
  const listensHere = kind === 'docker' || kind === 'maven';
  return [
    ...(listensHere ? [{ port: cassandra, purpose: 'Cassandra', option: '--cassandra-port' }] : []),
    ...(choosePubSub({ ...options, kind: options.pubsub }) === 'external'
      ? []
      : [{ port: pubsub, purpose: 'Pub/Sub', option: '--pubsub-port' }]),
    ...functionsOf(options).map((name) => ({
      port: functions[name],
      purpose: name,
      option: '--functions-port',
    })),
    ...(options.otherPorts ?? []),
  ];
};

/** What is known before anything starts. */
interface FoundParts {
  readonly choice: CassandraChoice;
  readonly startPubSub: Awaited<ReturnType<typeof findPubSub>>;
}

const startParts = async (
  options: LocalOptions,
  { choice, startPubSub }: FoundParts,
  { keep, died, stop }: LocalParts,
): Promise<LocalSystem> => {
  const { ports, progress } = options;
  const [cassandra, pubsub] = await allOrFirstError([
    keep(startCassandra({ ...options, kind: choice.kind, port: ports.cassandra }, choice)),
    keep(startPubSub()),
  ]);

  const env = systemEnv(options.env, { ...cassandra.env, ...pubsub.env });
  const projectId = env.GOOGLE_CLOUD_PROJECT;
  const { store } = loadConfig(env);
  if (store.kind === 'cassandra') {
    progress({ step: 'Schema', detail: `keyspace ${store.keyspace}` });
    await migrate(store);
  }
  const functions = await startFunctions(options, env, keep);
  const functionUrls = Object.fromEntries(
    functions.map(({ name, address }) => [name, `http://${address}`]),
  ) as FunctionUrls;

  const topology = { projectId, pubsub: pubsub.address, isGoogleEmulator: pubsub.kind !== 'local' };
  const startConsumers = async (): Promise<void> => {
    await provision({ ...topology, functionUrls });
    if (options.consume === 'pull')
      functions.push(await keep(startWorker(processOptions(options, 'worker', env))));
  };
  progress({ step: 'Topics and subscriptions' });
  await (options.holdsBacklog === true ? provision({ ...topology, functionUrls: {} }) : startConsumers());

  return {
    projectId,
    keyspace: store.kind === 'cassandra' ? store.keyspace : '',
    cassandra,
    pubsub,
    functions,
    functionUrls,
    env,
    switches: { cassandra: cassandra.cassandraSwitch, pubsubFaults: pubsub.faultSwitch },
    startConsumers,
    died,
    stop,
  };
};

const systemEnv = (env: Environment, partsEnv: Readonly<Record<string, string>>) => ({
  ...partsEnv,
  ...(env.CASSANDRA_KEYSPACE === undefined ? {} : { CASSANDRA_KEYSPACE: env.CASSANDRA_KEYSPACE }),
  ...(env.LOG_LEVEL === undefined ? {} : { LOG_LEVEL: env.LOG_LEVEL }),
  GOOGLE_CLOUD_PROJECT: valueIn(env, 'GOOGLE_CLOUD_PROJECT') ?? LOCAL_PROJECT_ID,
  // The client would look for Google's metadata server, even with an emulator. A laptop has none.
  METADATA_SERVER_DETECTION: 'none',
  ...Object.fromEntries(
    TRACES_VARIABLES.map((name) => [name, env[name] ?? '']).filter(([, value]) => value !== ''),
  ),
});

const startFunctions = (
  options: LocalOptions,
  env: Readonly<Record<string, string>>,
  keep: LocalParts['keep'],
): Promise<LocalPart[]> => {
  const { ports, progress } = options;
  const names = functionsOf(options);
  progress({ step: 'Functions', detail: names.join(', ') });
  return allOrFirstError(
    names.map((name) =>
      keep(startFunction({ name, port: ports.functions[name], ...processOptions(options, name, env) })),
    ),
  );
};

/** With a worker, only the simulator is a function. */
const functionsOf = ({ consume }: LocalOptions): readonly TallyFunction[] =>
  consume === 'pull' ? ['simulate'] : FUNCTIONS;

const processOptions = (
  { logFolder, onFunctionLine }: LocalOptions,
  name: string,
  env: Readonly<Record<string, string>>,
) => ({
  env,
  logFile: join(logFolder, `${name}.log`),
  onLine: (line: string) => onFunctionLine?.(name, line),
});

/** Waits for all, also after an error: a part that is still starting would not be stopped. */
const allOrFirstError = async <const Starting extends readonly Promise<unknown>[]>(
  starting: Starting,
): Promise<{ -readonly [Index in keyof Starting]: Awaited<Starting[Index]> }> => {
  await Promise.allSettled(starting);
  return Promise.all(starting);
};
