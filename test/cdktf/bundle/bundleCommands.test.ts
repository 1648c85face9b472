import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundleCommands } from '../../../cdktf/bundle/bundleCommands.ts';
import { MIGRATIONS } from '../../../shared/store/schema.ts';
import { hasCassandra, testCassandraConfig } from '../../support/cassandra/testKeyspace.ts';

/** The commands on a machine that has Node and the folder, and nothing else of Tally. */
describe('the bundle of the commands', () => {
  let folder = '';
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tally-commands-'));
    for (const { name, bytes } of await bundleCommands()) {
      mkdirSync(join(folder, dirname(name)), { recursive: true });
      writeFileSync(join(folder, name), bytes);
    }
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const tally = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
    spawnSync(process.execPath, [join(folder, 'index.mjs'), ...args], { cwd: folder, env, encoding: 'utf8' });

  it('says nothing of the machine that made it', async () => {
    for (const { bytes } of await bundleCommands())
      expect(Buffer.from(bytes).includes(join(import.meta.dirname, '../../..'))).toBe(false);
  });

  it('has every command', () => {
    const { status, stdout } = tally(['--help']);

    expect(status).toBe(0);
    for (const command of ['migrate', 'audit', 'order', 'publish'])
      expect(stdout).toContain(`\n  ${command} `);
  });

  it('says what is wrong as the command does elsewhere', () => {
    const { status, stderr } = tally(['order', 'seventeen']);

    expect(status).toBe(2);
    expect(stderr).toContain('seventeen');
  });

  it.skipIf(!hasCassandra)('makes the schema, shows an order that is not there, and audits', () => {
    const { contactPoints, port, localDataCenter, keyspace } = testCassandraConfig();
    const env = {
      CASSANDRA_CONTACT_POINTS: contactPoints.map((host) => `${host}:${port}`).join(','),
      CASSANDRA_LOCAL_DATACENTER: localDataCenter,
      CASSANDRA_KEYSPACE: keyspace,
      GOOGLE_CLOUD_PROJECT: 'my-project',
    };

    const migrated = tally(['migrate'], env);
    const order = tally(['order', '17'], env);
    const audit = tally(['audit', '--settled'], env);

    const target = expect.stringMatching(/^Target: .*keyspace .*\n$/);
    expect(migrated).toMatchObject({ status: 0, stderr: target });
    for (const name of MIGRATIONS) expect(migrated.stdout).toContain(`applied    cql/${name}`);
    expect(order.status).toBe(1);
    expect(audit).toMatchObject({ status: 0, stderr: target });
  });
});
