import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { readConfig } from '../../cdktf/readConfig.ts';
import { ConfigError } from '../../shared/errors.ts';

const PROJECT_FOLDER = join(import.meta.dirname, '../..');

describe('npm run infra:validate', () => {
  let result: SpawnSyncReturns<string>;

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

  it('is an example with the keyspace of its environment, for which the guide makes the tables', () => {
    const { environment, cassandra } = readConfig({ TALLY_DEPLOYMENT: 'deployment.example.json' }).config;
    const guide = readFileSync(join(PROJECT_FOLDER, 'docs/deploy.md'), 'utf8');

    const migrated = Array.from(guide.matchAll(/\bCASSANDRA_KEYSPACE=(\w+)/g), ([, keyspace]) => keyspace);
    expect(environment).toBe('staging');
    expect(cassandra.keyspace).toMatch(/_staging$/);
    expect(new Set(migrated)).toEqual(new Set([cassandra.keyspace]));
  });

  it('is none that is a copy of the example and still says so', () => {
    const folder = mkdtempSync(join(tmpdir(), 'tally-deployment-'));
    const copy = join(folder, 'copy.json');
    copyFileSync(join(PROJECT_FOLDER, 'cdktf/deployment.example.json'), copy);

    expect(() => readConfig({ TALLY_DEPLOYMENT: copy })).toThrow(`isExample: fill ${copy} in`);
    rmSync(folder, { recursive: true });
  });

  it.each(['main.ts', 'deploy.ts', 'validate.ts'])(
    'with mistakes is explained by %s, without a stack',
    (script) => {
      const { status, stdout, stderr } = spawnSync(process.execPath, [join('cdktf', script)], {
        cwd: PROJECT_FOLDER,
        encoding: 'utf8',
        env: { ...process.env, TALLY_DEPLOYMENT: 'no-such.json' },
      });

      expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
      expect(stderr).toMatch(
        /^configuration is not valid:\n {2}- TALLY_DEPLOYMENT: cannot read \S+no-such\.json: .*\n$/,
      );
    },
  );
});
