import { existsSync, globSync, realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { type Environment, valueIn } from '../../shared/config.ts';

const JAR = 'platform/pubsub-emulator/lib/cloud-pubsub-emulator-*.jar';

/**
 * Finds the emulator's jar in an installed Cloud SDK. It looks beside the `gcloud` on the PATH, in
 * `CLOUDSDK_ROOT_DIR`, and in the home folder, where the installer puts the SDK. It does not ask `gcloud`,
 * because that takes seconds.
 */
export const findEmulatorJar = (env: Environment): string | undefined => {
  const besideGcloud = (env.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, 'gcloud'))
    .filter((path) => existsSync(path))
    .map((path) => join(dirname(realpathSync(path)), '..'));
  const roots = [...besideGcloud, valueIn(env, 'CLOUDSDK_ROOT_DIR'), join(homedir(), 'google-cloud-sdk')];
  return roots
    .flatMap((root) => (root === undefined ? [] : globSync(join(root, JAR))))
    .toSorted()
    .at(-1);
};
