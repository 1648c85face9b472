import { join } from 'node:path';
import { stackName } from './names.ts';
import { readConfigOrExit } from './readConfigOrExit.ts';
import { hasTerraform, runTerraform } from './terraform.ts';

/**
 * The second half of `npm run deploy`: it applies what `npm run synth` wrote. It does what `cdktf deploy`
 * does, with the same folder and the same state. It does not need the CDKTF command, which must be compiled
 * on Node 24. Its arguments go to `terraform apply`.
 */
const { file, config } = readConfigOrExit();
if (config.isExample === true) {
  console.error(
    `cdktf/${file} is the example. Copy it to cdktf/deployment.json, fill it in and remove isExample.`,
  );
  process.exit(2);
}
if (!hasTerraform()) {
  console.error('Terraform is not installed. Install it: https://developer.hashicorp.com/terraform/install');
  process.exit(2);
}
const folder = join(import.meta.dirname, 'cdktf.out/stacks', stackName(config));
const isReady = (await runTerraform(['init', '-input=false', '-lockfile=readonly'], { folder })) === 0;
process.exitCode = isReady ? await runTerraform(['apply', ...process.argv.slice(2)], { folder }) : 1;
