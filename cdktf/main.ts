import { join, relative } from 'node:path';
import { PROJECT_FOLDER } from './bundle/paths.ts';
import { readConfigOrExit } from './readConfigOrExit.ts';
import { synthesize } from './synthesize.ts';

const { file, config } = readConfigOrExit();
const folder = await synthesize(config, join(import.meta.dirname, 'cdktf.out'));
console.log(`${relative(PROJECT_FOLDER, folder)}/cdk.tf.json, from cdktf/${file}`);
