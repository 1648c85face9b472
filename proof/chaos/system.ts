import { STATE_FOLDER } from '../../cli/paths.ts';
import type { ConsumeKind } from '../../local/consumeKinds.ts';
import type { Progress } from '../../local/progress.ts';
import { startLocalPubSub } from '../../local/pubsub/startLocalPubSub.ts';
import { provision } from '../../local/pubsub/provision.ts';
import { FAULTS_OFF, faultSettingsSchema } from '../../local/pubsub/server/faults.ts';
import type { Witness } from '../../local/pubsub/server/witness.ts';
import { type CassandraConfig, type Environment, loadConfig } from '../../shared/config.ts';
import { createPublisher, type Publisher } from '../../shared/messaging/publisher.ts';
import { migrate } from '../../shared/store/migrate.ts';
import { createFunctions } from './functions.ts';
import { createNodes } from './nodes.ts';
import { NODES, processesOf, type Victim } from './schedule.ts';
import { findSteadyPort } from './findSteadyPort.ts';
import type { Target } from './target.ts';
import { untilRingIsWhole } from './untilRingIsWhole.ts';

const PROJECT_ID = 'tally-chaos';
/** The faults of Pub/Sub, as shares of all messages, publishes and pushes. */
const PUBSUB_FAULTS = {
  duplicated: 0.1,
  delayed: 0.1,
  delayMs: 3_000,
  reordered: 0.1,
  // Pub/Sub slows its pushes down when less than 99% are acked, so a larger share would stop the traffic.
  acksLost: 0.005,
  publishesRefused: 0.03,
  publishesUnconfirmed: 0.03,
  pushPauses: 0.002,
};

interface SystemOptions {
  readonly seed: number;
  readonly consume: ConsumeKind;
  /** An absolute path, for Cassandra's data. */
  readonly folder: string;
  /** An absolute path. Each start of each part writes a file. */
  readonly logFolder: string;
  readonly env: Environment;
  readonly progress: Progress;
  /** Is told of every message that Pub/Sub accepts, delivers and settles. */
  readonly witness: Witness;
  /** Called when a part dies without a blow. */
  readonly onDeath: (error: unknown) => void;
  /** Gets each log line of severity ERROR of a function. */
  readonly onBug: (line: string) => void;
  /** Gets a function that ends a part, as soon as there is a part to end. */
  readonly onStarting: (end: () => Promise<void>) => void;
}

export interface System {
  readonly targets: Readonly<Record<Victim, Target>>;
  readonly simulateUrl: string;
  readonly endPubSubFaults: () => void;
  /** The environment variables with which a function or a command reaches the system. */
  readonly env: Readonly<Record<string, string>>;
  readonly store: CassandraConfig;
  /** Publishes as a producer outside Tally does. */
  readonly publisher: Publisher;
}

/**
 * Starts three Cassandra nodes, the local Pub/Sub with faults, and the four functions, or the simulator and
 * the worker. The keyspace has three replicas, and the subscriptions are those of production.
 */
export const startSystem = async (options: SystemOptions): Promise<System> => {
  const { seed, consume, folder, logFolder, env, progress, witness, onDeath, onBug, onStarting } = options;
  const nodes = await createNodes({
    downloadFolder: STATE_FOLDER,
    logFolder,
    dataFolder: folder,
    env,
    progress,
    onDeath,
  });
  for (const { end } of Object.values(nodes.targets)) onStarting(end);
  await nodes.start();
  const faults = faultSettingsSchema.parse({ ...PUBSUB_FAULTS, seed });
  const pubsub = await startLocalPubSub({ port: await findSteadyPort(), why: 'chaos', faults, witness });
  onStarting(pubsub.stop);

  const systemEnv = {
    ...nodes.env,
    ...pubsub.env,
    GOOGLE_CLOUD_PROJECT: PROJECT_ID,
    METADATA_SERVER_DETECTION: 'none',
    // With a line for each message, a long run would fill the disk.
    LOG_LEVEL: 'warn',
  };
  const { store } = loadConfig(systemEnv);
  if (store.kind !== 'cassandra') throw new Error(`expected a Cassandra, got ${store.kind}`);
  await untilRingIsWhole(store, NODES.length);
  progress({ step: 'Schema', detail: `keyspace ${store.keyspace}` });
  await migrate(store);

  const functions = await createFunctions({ env: systemEnv, logFolder, onDeath, onBug });
  for (const { end } of Object.values(functions.targets)) onStarting(end);
  const { targets, urls } = functions;
  const names = processesOf(consume);
  progress({ step: 'Functions', detail: names.join(', ') });
  await Promise.all(names.filter((name) => name !== 'worker').map((name) => targets[name].start()));
  await provision({
    projectId: PROJECT_ID,
    pubsub: pubsub.address,
    functionUrls: consume === 'pull' ? {} : urls,
    isGoogleEmulator: false,
  });
  // It pulls from subscriptions that exist, and that push nowhere.
  if (consume === 'pull') await targets.worker.start();
  const publisher = createPublisher({
    projectId: PROJECT_ID,
    environment: undefined,
    pubsubEmulatorHost: pubsub.address,
  });
  onStarting(publisher.close);
  return {
    targets: { ...nodes.targets, ...targets },
    simulateUrl: urls.simulate,
    endPubSubFaults: () => pubsub.faultSwitch.set(FAULTS_OFF),
    env: systemEnv,
    store,
    publisher,
  };
};
