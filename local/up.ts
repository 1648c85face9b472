import { join } from 'node:path';
import { type Environment, LOCAL_PROJECT_ID, loadConfig } from '../shared/config.ts';
import { migrate } from '../shared/store/migrate.ts';
import { FUNCTIONS, type TallyFunction } from '../shared/topology.ts';
import type { CassandraKind } from './cassandra/options.ts';
import { startCassandra } from './cassandra/startCassandra.ts';
import type { LocalPart, Progress } from './part.ts';
import { findFreePort } from './ports.ts';
import { provision } from './pubsub/provision.ts';
import type { FaultSettings } from './pubsub/server/faults.ts';
import { type PubSubKind, startPubSub } from './pubsub/startPubSub.ts';
import { startFunction } from './startFunction.ts';

export interface LocalPorts {
  readonly cassandra: number;
  readonly pubsub: number;
  readonly functions: Readonly<Record<TallyFunction, number>>;
}

/** Where a system listens that others connect to, unless told otherwise. */
export const DEFAULT_PORTS = { cassandra: 9042, pubsub: 8085, functions: 8080 } as const;

export interface LocalOptions {
  /** Undefined: the first kind that this machine has. */
  readonly cassandra?: CassandraKind | undefined;
  readonly pubsub?: PubSubKind | undefined;
  /** What the local Pub/Sub does wrong on purpose. */
  readonly pubsubFaults?: FaultSettings | undefined;
  readonly ports: LocalPorts;
  /** Absolute: what is downloaded once. */
  readonly downloadFolder: string;
  /** Absolute; logs of an earlier run are overwritten. */
  readonly logFolder: string;
  /** Absolute: Cassandra's data. */
  readonly dataFolder: string;
  /** Deletes data that an earlier run kept. */
  readonly fresh?: boolean;
  /** Default true. False: nothing is worth keeping when it stops. */
  readonly keepsState?: boolean;
  readonly env: Environment;
  readonly progress: Progress;
  /** Leaves the subscriptions without a push endpoint until `startConsumers`, so that a backlog builds up. */
  readonly holdsBacklog?: boolean;
  /** Gets every line that a function logs. */
  readonly onFunctionLine?: (name: TallyFunction, line: string) => void;
}

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
  /** Lets the subscriptions push; needed only after `holdsBacklog`. */
  readonly startConsumers: () => Promise<void>;
  /** Rejects when a part dies by itself, with what to do about it. */
  readonly died: Promise<never>;
  /** Stops everything, what others need last; bounded, and may be called twice. */
  readonly stop: () => Promise<void>;
}

/** Ports that nobody uses, for a system that lives next to others. */
export const findFreePorts = async (): Promise<LocalPorts> => ({
  cassandra: await findFreePort(),
  pubsub: await findFreePort(),
  functions: {
    onOrder: await findFreePort(),
    onPayment: await findFreePort(),
    onDlq: await findFreePort(),
    simulate: await findFreePort(),
  },
});

/** The functions on consecutive ports, in the topology's order. */
export const portsFrom = (cassandra: number, pubsub: number, functions: number): LocalPorts => ({
  cassandra,
  pubsub,
  functions: { onOrder: functions, onPayment: functions + 1, onDlq: functions + 2, simulate: functions + 3 },
});

/**
 * Brings up Cassandra, Pub/Sub and the four functions, applies the schema and creates the topology.
 * @throws Error that says what to do; whatever had been started by then is stopped.
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
  const { ports, progress, env } = options;
  const keep = async (starting: Promise<LocalPart>): Promise<LocalPart> => {
    const part = await starting;
    started.push(part);
    return part;
  };
  const [cassandra, pubsub] = await allOrFirstError([
    keep(startCassandra({ ...options, kind: options.cassandra, port: ports.cassandra })),
    keep(startPubSub({ ...options, kind: options.pubsub, port: ports.pubsub, faults: options.pubsubFaults })),
  ]);

  const projectId = env.GOOGLE_CLOUD_PROJECT ?? LOCAL_PROJECT_ID;
  const systemEnv = {
    ...cassandra.env,
    ...pubsub.env,
    ...(env.CASSANDRA_KEYSPACE === undefined ? {} : { CASSANDRA_KEYSPACE: env.CASSANDRA_KEYSPACE }),
    ...(env.LOG_LEVEL === undefined ? {} : { LOG_LEVEL: env.LOG_LEVEL }),
    GOOGLE_CLOUD_PROJECT: projectId,
    // No Google metadata server on a laptop: the client would look for one even with an emulator.
    METADATA_SERVER_DETECTION: 'none',
  };
  const { store } = loadConfig(systemEnv);
  if (store.kind === 'cassandra') {
    progress({ step: 'Schema', detail: `keyspace ${store.keyspace}` });
    await migrate(store);
  }

  progress({ step: 'Functions', detail: FUNCTIONS.join(', ') });
  const functions = await allOrFirstError(
    FUNCTIONS.map((name) =>
      keep(
        startFunction({
          name,
          port: ports.functions[name],
          env: systemEnv,
          logFile: join(options.logFolder, `${name}.log`),
          onLine: (line) => options.onFunctionLine?.(name, line),
        }),
      ),
    ),
  );
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
    env: systemEnv,
    startConsumers,
    died: withAdvice(Promise.race(started.map((part) => part.died))),
    stop,
  };
};

const withAdvice = (died: Promise<never>): Promise<never> => {
  const advised = died.catch((error: unknown): never => {
    const advice =
      'a part of the system died, and the rest was stopped with it: start again; if it dies again, start with --fresh, which deletes kept data';
    throw new Error(advice, { cause: error });
  });
  // Not everybody waits for a death, and one that nobody waits for must not end us.
  advised.catch(() => {});
  return advised;
};

/** Functions first, so that they can still settle what they hold; Cassandra and Pub/Sub then go together. */
const stopAll = async (parts: readonly LocalPart[]): Promise<void> => {
  const [functions, infrastructure] = [
    parts.filter((part) => isFunction(part.name)),
    parts.filter((part) => !isFunction(part.name)),
  ];
  await Promise.all(functions.map((part) => part.stop()));
  await Promise.all(infrastructure.map((part) => part.stop()));
};

const isFunction = (name: string): boolean => FUNCTIONS.some((known) => known === name);

/** Waits for all, so that none is still starting when its error stops the others. */
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
