import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';

/** The command, which is found on the path. */
const TERRAFORM = 'terraform';

/** Returns whether Terraform is installed and starts. */
export const hasTerraform = (): boolean =>
  spawnSync(TERRAFORM, ['version'], { stdio: 'ignore' }).status === 0;

interface TerraformRun {
  /** The folder of a synthesised stack. */
  readonly folder: string;
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * Runs Terraform with the input and output of this process.
 * @returns its exit code. 1 when a signal ended it.
 */
export const runTerraform = async (
  args: readonly string[],
  { folder, env = {} }: TerraformRun,
): Promise<number> => {
  const child = spawn(TERRAFORM, [`-chdir=${folder}`, ...args], {
    stdio: 'inherit',
    env: { ...process.env, ...env },
  });
  const [code] = await once(child, 'exit');
  return typeof code === 'number' ? code : 1;
};
