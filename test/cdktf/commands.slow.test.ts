import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const PROJECT_FOLDER = join(import.meta.dirname, '../..');

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
  it('writes plain Terraform, from the committed example, and says so', () => {
    const { status, stdout } = run('synth');

    expect(status).toBe(0);
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
