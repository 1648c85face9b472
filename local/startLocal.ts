import { join } from 'node:path';
import { type Environment, LOCAL_PROJECT_ID, loadConfig } from '../shared/config.ts';
import { migrate } from '../shared/store/migrate.ts';
import { FUNCTIONS, type TallyFunction } from '../shared/topology.ts';
import type { CassandraKind } from './cassandra/options.ts';
import { startCassandra } from './cassandra/startCassandra.ts';
import type { LocalPorts } from './localPorts.ts';
import type { LocalPart } from './localPart.ts';
import type { Progress } from './progress.ts';
import { provision } from './pubsub/provision.ts';
import type { FaultSettings } from './pubsub/server/faults.ts';
import { startPubSub } from './pubsub/startPubSub.ts';
import { startFunction } from './startFunction.ts';
import { type PubSubKind } from './pubsub/pubSubKinds.ts';

interface LocalOptions {
  /** Undefined: the first kind that this machine has. */
  readonly cassandra?: CassandraKind | undefined;
  readonly pubsub?: PubSubKind | undefined;
  /** What goes wrong on purpose. Only the local Pub/Sub can do that. */
  readonly pubsubFaults?: FaultSettings | undefined;
  readonly ports: LocalPorts;
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
  /** Gets every line that a function logs. */
  readonly onFunctionLine?: (name: TallyFunction, line: string) => void;
}

const ADVICE =
  'a part of the system ended by itself, and the rest was stopped. Start again. ' +
  'If it ends again, start with --fresh: that deletes the data of earlier runs';

/** A running system. Everything listens on 127.0.0.1. */
export interface LocalSystem {
  readonly projectId: string;
  readonly keyspace: string;
  readonly cassandra: LocalPart;
  readonly pubsub: LocalPart;
  readonly functions: readonly LocalPart[];
  readonly functionUrls: Readonly<Record<TallyFunction, string>>;
  /** The variables with which a function, a command or a client reaches this system. */
  readonly env: Readonly<Record<string, string>>;
  /** Lets the subscriptions push. Only a system with `holdsBacklog` needs it. */
  readonly startConsumers: () => Promise<void>;
  /** Rejects when a part ends by itself. The error says what to do. Never resolves. */
  readonly died: Promise<never>;
  /** Stops everything in a limited time: first the functions, then what they need. May be called twice. */
  readonly stop: () => Promise<void>;
}

/**
 * Starts Cassandra, Pub/Sub and the four functions, applies the schema, and creates the topics and
 * subscriptions.
 * @throws Error that says what to do. The parts that had started by then are stopped.
 */
export const startLocal = async (options: LocalOptions): Promise<LocalSystem> => {
  const started: LocalPart[] = [];
  const stop = once(() => stopAll(started));
  try {
    return await startParts(options, started, stop);
  } catch (error) {
    await stop();
    throw error;
  }
};

const startParts = async (
  options: LocalOptions,
  started: LocalPart[],
  stop: () => Promise<void>,
): Promise<LocalSystem> => {
  const { ports, progress } = options;
  const keep: Keep = async (starting) => {
    const part = await starting;
    started.push(part);
    return part;
  };
  const [cassandra, pubsub] = await allOrFirstError([
    keep(startCassandra({ ...options, kind: options.cassandra, port: ports.cassandra })),
    keep(startPubSub({ ...options, kind: options.pubsub, port: ports.pubsub, faults: options.pubsubFaults })),
  ]);

  const projectId = options.env.GOOGLE_CLOUD_PROJECT ?? LOCAL_PROJECT_ID;
  const env = systemEnv(options.env, projectId, { ...cassandra.env, ...pubsub.env });
  const { store } = loadConfig(env);
  if (store.kind === 'cassandra') {
    progress({ step: 'Schema', detail: `keyspace ${store.keyspace}` });
    await migrate(store);
  }
  const functions = await startFunctions(options, env, keep);
  const functionUrls = Object.fromEntries(
    functions.map(({ name, address }) => [name, `http://${address}`]),
  ) as Record<TallyFunction, string>;

  const topology = { projectId, pubsub: pubsub.address, isGoogleEmulator: pubsub.kind !== 'local' };
  const startConsumers = () => provision({ ...topology, functionUrls });
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
    startConsumers,
    died: withAdvice(Promise.race(started.map((part) => part.died))),
    stop,
  };
};

/** Remembers a part once it has started, so that it is stopped in the end. */
type Keep = (starting: Promise<LocalPart>) => Promise<LocalPart>;

const systemEnv = (env: Environment, projectId: string, partsEnv: Readonly<Record<string, string>>) => ({
  ...partsEnv,
  ...(env.CASSANDRA_KEYSPACE === undefined ? {} : { CASSANDRA_KEYSPACE: env.CASSANDRA_KEYSPACE }),
  ...(env.LOG_LEVEL === undefined ? {} : { LOG_LEVEL: env.LOG_LEVEL }),
  GOOGLE_CLOUD_PROJECT: projectId,
  // The client would look for Google's metadata server, even with an emulator. A laptop has none.
  METADATA_SERVER_DETECTION: 'none',
});

const startFunctions = (
  { ports, logFolder, progress, onFunctionLine }: LocalOptions,
  env: Readonly<Record<string, string>>,
  keep: Keep,
): Promise<LocalPart[]> => {
  progress({ step: 'Functions', detail: FUNCTIONS.join(', ') });
  return allOrFirstError(
    FUNCTIONS.map((name) =>
      keep(
        startFunction({
          name,
          port: ports.functions[name],
          env,
          logFile: join(logFolder, `${name}.log`),
          onLine: (line) => onFunctionLine?.(name, line),
        }),
      ),
    ),
  );
};

const withAdvice = (died: Promise<never>): Promise<never> => {
  const advised = died.catch((error: unknown): never => {
    throw new Error(ADVICE, { cause: error });
  });
  // Perhaps nobody waits for this promise. Its rejection must not end this process.
  advised.catch(() => {});
  return advised;
};

/** Stops the functions first, because they must still settle their messages. */
const stopAll = async (parts: readonly LocalPart[]): Promise<void> => {
  const [functions, infrastructure] = [
    parts.filter((part) => isFunction(part.name)),
    parts.filter((part) => !isFunction(part.name)),
  ];
  await Promise.all(functions.map((part) => part.stop()));
  await Promise.all(infrastructure.map((part) => part.stop()));
};

const isFunction = (name: string): boolean => FUNCTIONS.some((known) => known === name);

/** Waits for all, also after an error: a part that is still starting would not be stopped. */
const allOrFirstError = async <const Starting extends readonly Promise<unknown>[]>(
  starting: Starting,
): Promise<{ -readonly [Index in keyof Starting]: Awaited<Starting[Index]> }> => {
  await Promise.allSettled(starting);
  return Promise.all(starting);
};

const once = (run: () => Promise<void>): (() => Promise<void>) => {
  let running: Promise<void> | undefined;
  return () => {
    running ??= run();
    return running;
  };
};
