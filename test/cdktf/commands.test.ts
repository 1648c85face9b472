import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { readConfig } from '../../cdktf/readConfig.ts';
import { ConfigError } from '../../shared/errors.ts';

const PROJECT_FOLDER = join(import.meta.dirname, '../..');
const SYNTH_SECONDS_MAX = 20;

/**
 * As npm runs it in a fresh clone: no configuration of one's own, and no network that is asked for anything.
 */
const run = (script: string, env: Record<string, string> = {}) =>
  spawnSync('npm', ['run', '--silent', script], {
    cwd: PROJECT_FOLDER,
    encoding: 'utf8',
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      TALLY_DEPLOYMENT: 'deployment.example.json',
      ...env,
    },
  });

describe('npm run synth', () => {
  it('writes plain Terraform within seconds, from the committed example, and says so', () => {
    const startedAt = performance.now();
    const { status, stdout } = run('synth');

    expect(status).toBe(0);
    expect((performance.now() - startedAt) / 1000).toBeLessThan(SYNTH_SECONDS_MAX);
    expect(stdout).toContain(
      'cdktf/cdktf.out/stacks/my-project.staging-tally/cdk.tf.json, from cdktf/deployment.example.json',
    );
    const file = join(PROJECT_FOLDER, 'cdktf/cdktf.out/stacks/my-project.staging-tally/cdk.tf.json');
    const { output, terraform } = JSON.parse(readFileSync(file, 'utf8'));
    expect(output.example.precondition.condition).toBe('${!local.is_example}');
    expect(terraform.required_providers.google.version).toBe('6.50.0');
  });

  it('is not fooled by a configuration that is not there, and names it', () => {
    const { status, stderr } = run('synth', { TALLY_DEPLOYMENT: 'nowhere.json' });

    expect(status).toBe(1);
    expect(stderr).toMatch(/TALLY_DEPLOYMENT: cannot read .*nowhere\.json/);
  });
});

describe('npm run deploy', () => {
  it('refuses the example before anything is asked of Google', () => {
    const { status, stderr } = run('deploy');

    expect(status).toBe(2);
    expect(stderr).toContain('cdktf/deployment.example.json is the example');
  });
});

describe('npm run infra:validate', () => {
  let result: ReturnType<typeof run>;

  beforeAll(() => {
    // Without a Terraform: what it says of one is Terraform's own, and needs a provider.
    const nodeOnly = join(PROJECT_FOLDER, 'node_modules/.bin');
    result = spawnSync(join(nodeOnly, 'node'), ['cdktf/validate.ts'], {
      cwd: PROJECT_FOLDER,
      encoding: 'utf8',
      env: { PATH: nodeOnly },
    });
  });

  it('says that it could not look where there is no Terraform, and does not pass for having looked', () => {
    expect(result.status).toBe(2);
    expect(result.stderr).toContain('NOT VALIDATED: Terraform is not installed');
  });
});

describe('the configuration’s file', () => {
  it('is the example in a fresh clone', () => {
    const { file, config } = readConfig({}, join(PROJECT_FOLDER, 'cdktf'));

    expect(file).toMatch(/^deployment(?:\.example)?\.json$/);
    expect(config.project).not.toBe('');
  });

  it('is another one where one is named', () => {
    const { config } = readConfig({ TALLY_DEPLOYMENT: 'deployment.example.json' });

    expect(config.isExample).toBe(true);
    expect(() => readConfig({ TALLY_DEPLOYMENT: 'package.json' })).toThrow(ConfigError);
  });
});
