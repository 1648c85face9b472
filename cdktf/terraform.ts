import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';

/** The command, which is found on the path. */
const TERRAFORM = 'terraform';
/** What would end this process before Terraform has ended. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Returns whether Terraform is installed and starts. */
export const hasTerraform = (): boolean =>
  spawnSync(TERRAFORM, ['version'], { stdio: 'ignore' }).status === 0;

interface TerraformRun {
  /** The folder of a synthesised stack. */
  readonly folder: string;
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * Runs Terraform with the input and output of this process, and waits until it has ended, whatever signal
 * comes. Ctrl-C reaches Terraform itself, which then brings what it does to an end and saves its state.
 * Nothing is passed on, because a second signal would stop it at once, before that.
 * @returns its exit code. 1 when a signal ended it.
 */
export const runTerraform = async (
  args: readonly string[],
  { folder, env = {} }: TerraformRun,
): Promise<number> => {
  for (const signal of SIGNALS) process.on(signal, stay);
  try {
    const child = spawn(TERRAFORM, [`-chdir=${folder}`, ...args], {
      stdio: 'inherit',
      env: { ...process.env, ...env },
    });
    const [code] = await once(child, 'exit');
    return typeof code === 'number' ? code : 1;
  } finally {
    for (const signal of SIGNALS) process.off(signal, stay);
  }
};

const stay = (): void => {};
