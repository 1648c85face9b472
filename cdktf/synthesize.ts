import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { App } from 'cdktf/lib/app.js';
import { archivePath, programFolder } from './bundle/paths.ts';
import type { DeploymentConfig } from './config.ts';
import { TallyStack } from './stacks/TallyStack.ts';

/** The name that Terraform gives to the file with the versions and checksums of the providers. */
export const LOCK_FILE = '.terraform.lock.hcl';

/**
 * Writes the stack as Terraform, from what `npm run build` wrote, and the lock file of the providers beside
 * it.
 * @param outdir the folder to write into.
 * @returns the folder of the stack, in which Terraform runs.
 */
export const synthesize = async (config: DeploymentConfig, outdir: string): Promise<string> => {
  const app = new App({ outdir });
  const stack = new TallyStack(app, { config, archivePath, programFolder });
  app.synth();
  const folder = join(outdir, 'stacks', stack.node.id);
  await copyFile(join(import.meta.dirname, LOCK_FILE), join(folder, LOCK_FILE));
  return folder;
};
