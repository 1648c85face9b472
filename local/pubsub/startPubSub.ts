import type { Environment } from '../../shared/config.ts';
import { findDocker, findJava } from '../findPrograms.ts';
import type { LocalPart, Progress } from '../part.ts';
import { startDockerEmulator } from './docker.ts';
import { useExternalEmulator } from './external.ts';
import { findEmulatorJar } from './findEmulator.ts';
import { startGoogleEmulator } from './google.ts';
import { startLocalPubSub } from './local.ts';

export const PUBSUB_KINDS = ['external', 'google', 'docker', 'local'] as const;
export type PubSubKind = (typeof PUBSUB_KINDS)[number];

export interface PubSubOptions {
  /** Undefined: the first that this machine has, in the order of `PUBSUB_KINDS`. */
  readonly kind: PubSubKind | undefined;
  readonly port: number;
  /** Absolute. */
  readonly logFolder: string;
  readonly env: Environment;
  readonly progress: Progress;
}

/**
 * Brings up a Pub/Sub.
 * @throws Error that says what to install when this machine does not have the one that is asked for.
 */
export const startPubSub = async (options: PubSubOptions): Promise<LocalPart> => {
  const { kind, env, port, logFolder, progress } = options;
  const why = (reason: string): string => (kind === undefined ? reason : `--pubsub ${kind}`);
  const isWanted = (candidate: PubSubKind): boolean => kind === undefined || kind === candidate;

  if (kind === 'external' || (kind === undefined && env.PUBSUB_EMULATOR_HOST !== undefined)) {
    return useExternalEmulator(env);
  }
  progress({ step: 'Pub/Sub', detail: 'starting' });
  const missing: string[] = [];
  if (isWanted('google')) {
    const jar = findEmulatorJar(env);
    const java = await findJava(env);
    if (jar !== undefined && 'found' in java) {
      return startGoogleEmulator({
        jar,
        java: java.found.command,
        port,
        logFolder,
        why: why('a Cloud SDK has it'),
      });
    }
    missing.push(
      jar === undefined ? 'no Pub/Sub emulator in a Cloud SDK' : 'no Java for the Pub/Sub emulator',
    );
  }
  if (isWanted('docker')) {
    const docker = await findDocker(env);
    if ('found' in docker) return startDockerEmulator(port, why(`Docker ${docker.found} answers`));
    missing.push(docker.missing);
  }
  if (isWanted('local')) return startLocalPubSub(port, why(`${missing.join(', ')}; publish and push only`));
  throw new Error(
    `--pubsub ${kind}: ${missing.join(', ')}. Install Java and, with the Google Cloud SDK, ` +
      '"gcloud components install pubsub-emulator"; or start Docker; or use --pubsub local',
  );
};
