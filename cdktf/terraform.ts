import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';

/** As it is found on the path. */
const TERRAFORM = 'terraform';

/** Whether there is a Terraform that starts. */
export const hasTerraform = (): boolean =>
  spawnSync(TERRAFORM, ['version'], { stdio: 'ignore' }).status === 0;

interface TerraformRun {
  /** The folder of a synthesised stack. */
  readonly folder: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs Terraform on this terminal. @returns its exit code. */
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
