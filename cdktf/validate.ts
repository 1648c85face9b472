import { randomBytes } from 'node:crypto';
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openTemporaryFolder } from '../local/openTemporaryFolder.ts';
import { findFreePort } from '../local/ports.ts';
import { startPubSub } from '../local/pubsub/startPubSub.ts';
import { pubSubPart } from './pubSubPart.ts';
import { readConfigOrExit } from './readConfigOrExit.ts';
import { LOCK_FILE, synthesize } from './synthesize.ts';
import { hasTerraform, runTerraform } from './terraform.ts';

/** The exit codes of `terraform plan -detailed-exitcode`: 0 no changes, 1 an error, 2 changes. */
const NO_CHANGES = 0;
const NOT_VALIDATED = 2;
/** This token is never sent, because a plan that only creates resources sends no request to Google. */
const DUMMY_CREDENTIALS = { GOOGLE_OAUTH_ACCESS_TOKEN: 'none' };

/** Terraform installs the providers that the lock file names, or none. */
const INIT = ['init', '-input=false', '-lockfile=readonly'];

/** An emulator that was running before may have topics of an earlier run. They are in another project. */
const projectOfRun = (): string => `tally-validate-${randomBytes(6).toString('hex')}`;

/**
 * `npm run infra:validate`. It asks Terraform and Google's provider whether the stack is valid, without an
 * account. Then it creates the topics and subscriptions on an emulator and checks that a second plan has no
 * changes.
 * @returns the exit code: 0 valid, 1 not valid, 2 not validated.
 */
const validate = async (folder: string): Promise<number> => {
  const { config } = readConfigOrExit();
  // Without these two, Terraform accepts the example and leaves the state of a real deployment alone.
  const { isExample: _, stateBucket: __, ...planned } = config;
  const stackFolder = await synthesize(planned, join(folder, 'out'));

  if ((await runTerraform([...INIT, '-backend=false'], { folder: stackFolder })) !== 0)
    return notValidated('Terraform could not install the providers. "terraform init" above says why');
  if ((await runTerraform(['validate'], { folder: stackFolder })) !== 0) return 1;
  if ((await runTerraform(INIT, { folder: stackFolder })) !== 0) return 1;
  const plan = ['plan', '-input=false', '-refresh=false', '-lock=false'];
  if ((await runTerraform(plan, { folder: stackFolder, env: DUMMY_CREDENTIALS })) !== 0) return 1;
  return applyToEmulator(await readFile(join(stackFolder, 'cdk.tf.json'), 'utf8'), join(folder, 'pubsub'));
};

const applyToEmulator = async (stackJson: string, folder: string): Promise<number> => {
  const port = await findFreePort();
  const options = { port, logFolder: folder, env: process.env, progress: () => {} };
  await mkdir(folder);
  const pubsub = await startPubSub({ ...options, kind: undefined });
  try {
    const part = pubSubPart(JSON.parse(stackJson), { address: pubsub.address, project: projectOfRun() });
    await writeFile(join(folder, 'cdk.tf.json'), JSON.stringify(part));
    await copyFile(join(import.meta.dirname, LOCK_FILE), join(folder, LOCK_FILE));
    if ((await runTerraform(INIT, { folder })) !== 0) return 1;
    if ((await runTerraform(['apply', '-input=false', '-auto-approve'], { folder })) !== 0) return 1;
    const again = await runTerraform(['plan', '-input=false', '-detailed-exitcode'], { folder });
    return again === NO_CHANGES ? 0 : 1;
  } finally {
    await pubsub.stop();
  }
};

const notValidated = (why: string): number => {
  console.error(`NOT VALIDATED: ${why}. The tests in test/cdktf need no Terraform: npm test -- test/cdktf`);
  return NOT_VALIDATED;
};

const folder = openTemporaryFolder('validate');
try {
  process.exitCode = hasTerraform()
    ? await validate(folder.path)
    : notValidated('Terraform is not installed');
  if (process.exitCode === 0)
    console.log('VALID: Terraform accepts the stack, and a second plan against the emulator has no changes');
} finally {
  folder.remove();
}
