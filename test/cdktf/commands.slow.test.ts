import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readConfig } from '../../cdktf/readConfig.ts';
import { signalGroup } from '../../local/processGroup.ts';
import { until } from '../../proof/until.ts';

const PROJECT_FOLDER = join(import.meta.dirname, '../..');

/**
 * As npm runs it in a fresh clone: no configuration of one's own, and no network that is asked for anything.
 */
const inClone = (env: Record<string, string>) => ({
  cwd: PROJECT_FOLDER,
  env: {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    TALLY_DEPLOYMENT: 'deployment.example.json',
    ...env,
  },
});

const run = (script: string, env: Record<string, string> = {}) =>
  spawnSync('npm', ['run', '--silent', script], { encoding: 'utf8', ...inClone(env) });

const SYNTH_TIMEOUT_MS = 90_000;

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
    expect(terraform.required_providers.google.version).toBe('7.45.0');
    expect(existsSync(join(dirname(file), '.terraform.lock.hcl'))).toBe(true);
  });

  it('is not fooled by a configuration that is not there, and names it', () => {
    const { status, stderr } = run('synth', { TALLY_DEPLOYMENT: 'nowhere.json' });

    expect(status).toBe(2);
    expect(stderr).toMatch(/TALLY_DEPLOYMENT: cannot read .*nowhere\.json/);
  });
});

/**
 * A stand-in for Terraform that accepts everything. It writes down how it was called, with the lock file that
 * it found, and what it was told to apply.
 */
const TERRAFORM = `#!/bin/sh
folder=\${1#-chdir=}
[ "$1" = version ] && exit 0
[ -f "$folder/.terraform.lock.hcl" ] || exit 9
echo "$@" >> "$RECORD/calls"
[ "$2" = apply ] && cat "$folder/cdk.tf.json" >> "$RECORD/applied" && echo >> "$RECORD/applied"
exit 0
`;

/** It applies until it may end. As the real one, it goes on when it is interrupted, until it is in order. */
const BUSY_TERRAFORM = `#!/bin/sh
[ "$2" = apply ] || exit 0
trap 'echo interrupted >> "$RECORD/calls"' INT
echo applying >> "$RECORD/calls"
until [ -f "$RECORD/may-end" ]; do sleep 0.05; done
echo applied >> "$RECORD/calls"
exit 7
`;

describe('npm run infra:validate', () => {
  it('asks for the locked providers only, and applies to REST on the local Pub/Sub in a project of each run', () => {
    const record = mkdtempSync(join(tmpdir(), 'tally-terraform-'));
    try {
      writeFileSync(join(record, 'terraform'), TERRAFORM, { mode: 0o755 });
      const env = { PATH: `${record}:${process.env.PATH}`, RECORD: record };

      const results = [run('infra:validate', env), run('infra:validate', env)];

      for (const { status, stdout } of results) {
        expect(status).toBe(0);
        expect(stdout).toContain('VALID: ');
      }
      const calls = readFileSync(join(record, 'calls'), 'utf8').trim().split('\n');
      const inits = calls.filter((call) => call.includes(' init '));
      expect(inits).toHaveLength(6);
      for (const call of inits) expect(call).toContain('-lockfile=readonly');
      const applied = readFileSync(join(record, 'applied'), 'utf8').trim().split('\n');
      const providers = applied.map((json) => JSON.parse(json).provider.google[0]);
      const endpoint = expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/v1\/$/);
      const project = expect.stringMatching(/^[a-z][a-z0-9-]{4,28}[a-z0-9]$/);
      const expected = { access_token: 'none', project, pubsub_custom_endpoint: endpoint };
      expect(providers).toEqual([expected, expected]);
      expect(providers[0].project).not.toBe(providers[1].project);
    } finally {
      rmSync(record, { recursive: true });
    }
  }, 180_000);
});

describe('npm run deploy', () => {
  it('refuses the example before anything is asked of Google', () => {
    const { status, stderr } = run('deploy');

    expect(status).toBe(2);
    expect(stderr).toContain('cdktf/deployment.example.json is the example');
  });

  it(
    'stays on Ctrl-C until Terraform has ended, which hears it once, and ends with its code',
    async () => {
      const record = mkdtempSync(join(tmpdir(), 'tally-terraform-'));
      onTestFinished(() => rmSync(record, { recursive: true }));
      const { isExample: _, ...config } = readConfig({ TALLY_DEPLOYMENT: 'deployment.example.json' }).config;
      const deployment = join(record, 'deployment.json');
      writeFileSync(deployment, JSON.stringify({ ...config, project: 'tally-test-interrupt' }));
      writeFileSync(join(record, 'terraform'), BUSY_TERRAFORM, { mode: 0o755 });
      writeFileSync(join(record, 'calls'), '');
      const calls = () => readFileSync(join(record, 'calls'), 'utf8').split('\n').slice(0, -1);
      const env = { PATH: `${record}:${process.env.PATH}`, RECORD: record, TALLY_DEPLOYMENT: deployment };
      // A terminal sends Ctrl-C to the whole group.
      const npm = spawn('npm', ['run', '--silent', 'deploy'], { ...inClone(env), detached: true });
      onTestFinished(() => signalGroup(npm, 'SIGKILL'));
      const ended = once(npm, 'exit');
      // The bundles and the stack are made first, which takes half a minute beside other tests.
      await until('Terraform to apply', () => calls().includes('applying'), SYNTH_TIMEOUT_MS);

      signalGroup(npm, 'SIGINT');
      await until('Terraform to hear it', () => calls().includes('interrupted'));
      writeFileSync(join(record, 'may-end'), '');

      expect(await ended).toEqual([7, null]);
      expect(calls()).toEqual(['applying', 'interrupted', 'applied']);
    },
    2 * SYNTH_TIMEOUT_MS,
  );
});
