import { join, relative } from 'node:path';
import { PROJECT_FOLDER } from './bundle/paths.ts';
import { readConfig } from './readConfig.ts';
import { synthesize } from './synthesize.ts';

const { file, config } = readConfig(process.env);
const folder = await synthesize(config, join(import.meta.dirname, 'cdktf.out'));
console.log(`${relative(PROJECT_FOLDER, folder)}/cdk.tf.json, from cdktf/${file}`);
