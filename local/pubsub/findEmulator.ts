import { existsSync, globSync, realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import type { Environment } from '../../shared/config.ts';

const JAR = 'platform/pubsub-emulator/lib/cloud-pubsub-emulator-*.jar';

/**
 * The emulator's jar inside an installed Cloud SDK: beside the `gcloud` that is on the PATH, in `CLOUDSDK_ROOT_DIR`, or
 * where the SDK's installer puts itself. Asking `gcloud` itself would take seconds.
 */
export const findEmulatorJar = (env: Environment): string | undefined => {
  const besideGcloud = (env.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, 'gcloud'))
    .filter((path) => existsSync(path))
    .map((path) => join(dirname(realpathSync(path)), '..'));
  const roots = [...besideGcloud, env.CLOUDSDK_ROOT_DIR, join(homedir(), 'google-cloud-sdk')];
  return roots
    .flatMap((root) => (root === undefined ? [] : globSync(join(root, JAR))))
    .toSorted()
    .at(-1);
};
