import { join } from 'node:path';
import { App } from 'cdktf/lib/app.js';
import { archivePath } from './bundle/paths.ts';
import { readConfig } from './readConfig.ts';
import { TallyStack } from './stacks/TallyStack.ts';

const { file, config } = readConfig(process.env);
const app = new App({ outdir: join(import.meta.dirname, 'cdktf.out') });
const stack = new TallyStack(app, { config, archivePath });
app.synth();
console.log(`cdktf/cdktf.out/stacks/${stack.node.id}/cdk.tf.json, from cdktf/${file}`);
