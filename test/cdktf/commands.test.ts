import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
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
});
