import { join } from 'node:path';
import { stackName } from './names.ts';
import { readConfig } from './readConfig.ts';
import { hasTerraform, runTerraform } from './terraform.ts';

/**
 * `npm run deploy`, after `npm run synth`: what `cdktf deploy` does, without the CDKTF command, which has to be compiled where Node 24
 * is installed. Both use the same folder and the same state. Arguments go to `terraform apply`.
 */
const { file, config } = readConfig(process.env);
if (config.isExample === true) {
  console.error(
    `cdktf/${file} is the example: copy it to cdktf/deployment.json, fill it in, take isExample out`,
  );
  process.exit(2);
}
if (!hasTerraform()) {
  console.error('there is no terraform: install it, https://developer.hashicorp.com/terraform/install');
  process.exit(2);
}
const folder = join(import.meta.dirname, 'cdktf.out/stacks', stackName(config));
const isReady = (await runTerraform(['init', '-input=false'], { folder })) === 0;
process.exitCode = isReady ? await runTerraform(['apply', ...process.argv.slice(2)], { folder }) : 1;
