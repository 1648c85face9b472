import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { addressOf, synthesize } from '../support/synthesized.ts';

const page = readFileSync(join(import.meta.dirname, '../../docs/deploy.md'), 'utf8');

const section = (heading: string): string =>
  page.split(/^##+ /m).find((text) => text.startsWith(`${heading}\n`)) ?? '';

/** The commands of a section. A line that ends with a backslash goes on in the next one. */
const commandsOf = (heading: string): string[] =>
  [...section(heading).matchAll(/^```sh\n([^]*?)^```/gm)]
    .flatMap(([, block = '']) => block.replaceAll('\\\n', '').split('\n'))
    .map((line) => line.replace(/\s+# .*$/, ''));

const commands = { operators: ['group:on-call@example.com'] };
const stack = synthesize({ environment: 'staging', commands });

describe('docs/deploy.md', () => {
  it('enables every service that the stack uses, before Terraform needs one', () => {
    const lines = commandsOf('1. The project').filter((line) => line.startsWith('gcloud services enable'));
    const enabled = lines.flatMap((line) => line.match(/[a-z]+\.googleapis\.com/g) ?? []);
    const used = stack.ofType('google_project_service').map(({ fields }) => fields.service);

    // The first is how services are enabled at all. The last is for a private network's connector.
    expect(enabled.toSorted()).toEqual(
      [...used, 'serviceusage.googleapis.com', 'vpcaccess.googleapis.com'].toSorted(),
    );
  });

  it('deploys the job of the commands alone under the name that it has', () => {
    const [job] = stack.ofType('google_cloud_run_v2_job');

    expect(commandsOf('If your machine does not reach the cluster')[0]).toBe(
      `npm run deploy -- -target=${job === undefined ? 'nothing' : addressOf(job)}`,
    );
  });

  it('runs and reads the commands by the names of the job and its bucket', () => {
    const [job] = stack.ofType('google_cloud_run_v2_job');
    const buckets = stack.ofType('google_storage_bucket').map(({ fields }) => fields.name);
    const inStaging = page.replaceAll('${ENVIRONMENT}', 'staging-').replaceAll('$PROJECT', 'my-project');

    const executed = [...inStaging.matchAll(/gcloud run jobs execute (\S+)/g)].map(([, name]) => name);
    expect(new Set(executed)).toEqual(new Set([job?.fields.name]));
    const output = /^export OUTPUT=\S+/m.exec(page)?.[0] ?? '';
    const script = `PROJECT=my-project ENVIRONMENT=staging-; ${output}; echo $OUTPUT`;
    const bucket = execFileSync('bash', ['-c', script], { encoding: 'utf8' }).trim();
    expect(buckets.map((name) => `gs://${name}`)).toContain(bucket);
    const read = [...page.matchAll(/gcloud storage (?:cat|cp) .*?(\$OUTPUT|gs:\/\/[^/\s]+)\//g)];
    expect(new Set(read.map(([, place]) => place))).toEqual(new Set(['$OUTPUT']));
  });

  it('counts the alerts that it gives a price for', () => {
    const policies = stack.ofType('google_monitoring_alert_policy');

    expect(section('What it costs')).toContain(`| ${policies.length} alert policies |`);
  });
});
