import { type Environment, valueIn } from '../../shared/config.ts';
import { findDocker, findJava } from '../findPrograms.ts';
import type { LocalPart } from '../localPart.ts';
import type { Progress } from '../progress.ts';
import { startDockerEmulator } from './startDockerEmulator.ts';
import { useExternalEmulator } from './useExternalEmulator.ts';
import { findEmulatorJar } from './findEmulatorJar.ts';
import { startGoogleEmulator } from './startGoogleEmulator.ts';
import type { PubSubKind } from './pubSubKinds.ts';
import { startLocalPubSub } from './startLocalPubSub.ts';
import type { FaultSettings, FaultSwitch } from './server/faults.ts';
import type { Witness } from './server/witness.ts';

interface PubSubOptions {
  /** Undefined: `external` when `PUBSUB_EMULATOR_HOST` is set, else `local`, which runs on every machine. */
  readonly kind: PubSubKind | undefined;
  readonly port: number;
  /** What goes wrong on purpose. Only `local` can do that. */
  readonly faults?: FaultSettings | undefined;
  /** Sees every message. Only `local` has a place for one, and the others ignore it. */
  readonly witness?: Witness | undefined;
  /** An absolute path. */
  readonly logFolder: string;
  readonly env: Environment;
  readonly progress: Progress;
}

interface PubSubPart extends LocalPart {
  /** Only Tally's own has faults. */
  readonly faultSwitch?: Omit<FaultSwitch, 'faults'>;
}

/** Chooses the kind that is asked for, or else the one that the environment names, or else `local`. */
export const choosePubSub = ({ kind, env }: Pick<PubSubOptions, 'kind' | 'env'>): PubSubKind =>
  kind ?? (valueIn(env, 'PUBSUB_EMULATOR_HOST') === undefined ? 'local' : 'external');

/**
 * Looks for what the Pub/Sub needs, before anything starts. An external one must answer.
 * @returns what starts it.
 * @throws Error when this machine cannot run the kind that is asked for. It says what to install.
 */
export const findPubSub = async (options: PubSubOptions): Promise<() => Promise<PubSubPart>> => {
  const { env, port, faults, witness, logFolder, progress } = options;
  const kind = choosePubSub(options);
  const why = options.kind === undefined ? 'in this process, in memory' : `--pubsub ${kind}`;
  if (faults !== undefined && kind !== 'local') {
    throw new Error(`--pubsub-faults: only --pubsub local has faults, and this is ${kind}`);
  }
  progress({ step: 'Pub/Sub', detail: kind });
  switch (kind) {
    case 'external': {
      const external = await useExternalEmulator(env);
      return async () => external;
    }
    case 'local':
      return () => startLocalPubSub({ port, why, faults, ...(witness === undefined ? {} : { witness }) });
    case 'google': {
      const { jar, java } = await findGoogleEmulator(env);
      return () => startGoogleEmulator({ jar, java, port, logFolder, why });
    }
    case 'docker': {
      const docker = await findDocker(env);
      if ('missing' in docker) throw new Error(`--pubsub docker: ${docker.missing}`);
      return () => startDockerEmulator(port, why);
    }
  }
};

/**
 * Starts a Pub/Sub, or takes the one that the environment names.
 * @throws Error as `findPubSub` does.
 */
export const startPubSub = async (options: PubSubOptions): Promise<PubSubPart> =>
  (await findPubSub(options))();

const findGoogleEmulator = async (env: Environment): Promise<{ jar: string; java: string }> => {
  const jar = findEmulatorJar(env);
  const java = await findJava(env);
  if (jar === undefined) {
    throw new Error(
      '--pubsub google: no Pub/Sub emulator in a Cloud SDK. Install it with ' +
        '"gcloud components install pubsub-emulator", or use --pubsub local',
    );
  }
  if ('missing' in java) throw new Error(`--pubsub google: ${java.missing}`);
  return { jar, java: java.found.command };
};
