import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'cdktf/lib/app.js';
import { archivePath } from './bundle/paths.ts';
import { findFreePort } from '../local/ports.ts';
import { startPubSub } from '../local/pubsub/startPubSub.ts';
import { pubSubPart } from './pubSubPart.ts';
import { readConfig } from './readConfig.ts';
import { TallyStack } from './stacks/TallyStack.ts';
import { hasTerraform, runTerraform } from './terraform.ts';

/** `terraform plan -detailed-exitcode`: 0 nothing to do, 1 an error, 2 something to do. */
const NOTHING_TO_DO = 0;
const COULD_NOT_LOOK = 2;
/** Never sent anywhere: a plan that only makes things asks Google nothing. */
const DUMMY_CREDENTIALS = { GOOGLE_OAUTH_ACCESS_TOKEN: 'none' };

/**
 * `npm run infra:validate`: what Terraform and Google's provider say of the stack, without an account, and whether its topics and
 * subscriptions can be made on an emulator, and made only once. It exits 2 where it could not look.
 */
const validate = async (folder: string): Promise<number> => {
  const { config } = readConfig(process.env);
  const app = new App({ outdir: join(folder, 'out') });
  // The example is refused by Terraform on purpose, and the state of the real one is nothing to touch.
  const { isExample: _, stateBucket: __, ...planned } = config;
  const stack = new TallyStack(app, { config: planned, archivePath });
  app.synth();
  const stackFolder = join(folder, 'out/stacks', stack.node.id);

  if ((await runTerraform(['init', '-backend=false', '-input=false'], { folder: stackFolder })) !== 0)
    return couldNotLook('Google’s provider could not be had (terraform init says why)');
  if ((await runTerraform(['validate'], { folder: stackFolder })) !== 0) return 1;
  await runTerraform(['init', '-input=false'], { folder: stackFolder });
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
    const part = pubSubPart(JSON.parse(stackJson), pubsub.address);
    await writeFile(join(folder, 'cdk.tf.json'), JSON.stringify(part));
    if ((await runTerraform(['init', '-input=false'], { folder })) !== 0) return 1;
    if ((await runTerraform(['apply', '-input=false', '-auto-approve'], { folder })) !== 0) return 1;
    const again = await runTerraform(['plan', '-input=false', '-detailed-exitcode'], { folder });
    return again === NOTHING_TO_DO ? 0 : 1;
  } finally {
    await pubsub.stop();
  }
};

const couldNotLook = (why: string): number => {
  console.error(
    `NOT VALIDATED: ${why}. The policies in test/cdktf were not asked here: npx vitest run test/cdktf`,
  );
  return COULD_NOT_LOOK;
};

const folder = await mkdtemp(join(tmpdir(), 'tally-validate-'));
try {
  process.exitCode = hasTerraform() ? await validate(folder) : couldNotLook('there is no terraform');
  if (process.exitCode === 0)
    console.log('valid: init, validate and plan, and the emulator needed nothing a second time');
} finally {
  await rm(folder, { recursive: true });
}
