import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { PubSub } from '@google-cloud/pubsub';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundleProgram } from '../../../cdktf/bundle/bundleProgram.ts';
import { findFreePort } from '../../../local/ports.ts';
import { provision } from '../../../local/pubsub/provision.ts';
import { startLocalPubSub } from '../../../local/pubsub/startLocalPubSub.ts';
import { until } from '../../../proof/until.ts';
import type { CassandraConfig } from '../../../shared/config.ts';
import { MIGRATIONS } from '../../../shared/store/schema.ts';
import {
  createTestKeyspace,
  hasCassandra,
  testCassandraConfig,
} from '../../support/cassandra/testKeyspace.ts';
import { orderBody } from '../../support/messages/bodies.ts';

const MANIFEST: { version: string } = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../../package.json'), 'utf8'),
);

const environmentOf = ({ contactPoints, port, localDataCenter, keyspace }: CassandraConfig) => ({
  CASSANDRA_CONTACT_POINTS: contactPoints.map((host) => `${host}:${port}`).join(','),
  CASSANDRA_LOCAL_DATACENTER: localDataCenter,
  CASSANDRA_KEYSPACE: keyspace,
});

/** The commands on a machine that has Node and the folder, and nothing else of Tally. */
describe('the bundle of the commands', () => {
  let folder = '';
  let files: Awaited<ReturnType<typeof bundleProgram>>;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tally-commands-'));
    files = await bundleProgram('commands');
    for (const { name, bytes } of files) {
      mkdirSync(join(folder, dirname(name)), { recursive: true });
      writeFileSync(join(folder, name), bytes);
    }
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const tally = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
    spawnSync(process.execPath, [join(folder, 'index.mjs'), ...args], { cwd: folder, env, encoding: 'utf8' });

  it('says nothing of the machine that made it', () => {
    for (const { bytes } of files)
      expect(Buffer.from(bytes).includes(join(import.meta.dirname, '../../..'))).toBe(false);
  });

  it('has every command', () => {
    const { status, stdout } = tally(['--help']);

    expect(status).toBe(0);
    for (const command of ['migrate', 'audit', 'order', 'publish'])
      expect(stdout).toContain(`\n  ${command} `);
  });

  it('knows its version, and no commit: otherwise each commit would change it', () => {
    const { status, stdout, stderr } = tally(['--version']);

    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toBe(`tally ${MANIFEST.version}, Node ${process.versions.node}\n`);
  });

  it('says what is wrong as the command does elsewhere', () => {
    const { status, stderr } = tally(['order', 'seventeen']);

    expect(status).toBe(2);
    expect(stderr).toContain('seventeen');
  });

  it.skipIf(!hasCassandra)('makes the schema, shows an order that is not there, and audits', () => {
    const env = { ...environmentOf(testCassandraConfig()), GOOGLE_CLOUD_PROJECT: 'my-project' };

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

describe('the bundle of the worker', () => {
  let folder = '';
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tally-worker-'));
    for (const { name, bytes } of await bundleProgram('worker')) writeFileSync(join(folder, name), bytes);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('has the Pub/Sub client, and no framework, which nobody installs there', () => {
    const program = readFileSync(join(folder, 'index.mjs'), 'utf8');

    expect(readdirSync(folder)).toContain('pubsub.cjs');
    expect(program).not.toContain('@google-cloud/functions-framework');
  });

  it.skipIf(!hasCassandra)(
    'pulls from a subscription, settles a message in Cassandra, and drains',
    async () => {
      const keyspace = await createTestKeyspace();
      const pubsub = await startLocalPubSub({ port: await findFreePort(), why: 'the test' });
      const projectId = 'tally-worker-bundle';
      await provision({ projectId, pubsub: pubsub.address, functionUrls: {}, isGoogleEmulator: false });
      const worker = spawn(process.execPath, [join(folder, 'index.mjs')], {
        cwd: folder,
        env: {
          ...environmentOf(keyspace.config),
          PUBSUB_EMULATOR_HOST: pubsub.address,
          GOOGLE_CLOUD_PROJECT: projectId,
        },
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      let log = '';
      worker.stdout.on('data', (chunk: Buffer) => (log += chunk.toString()));
      const ended = once(worker, 'exit');
      const client = new PubSub({ projectId, apiEndpoint: pubsub.address, emulatorMode: true });
      try {
        await client.topic('orders_data').publishMessage({ json: orderBody(7) });
        await until('the outcome line', () => log.includes('"outcome":"stored"'));
        worker.kill('SIGTERM');

        expect(await ended).toEqual([0, null]);
        expect(log).toMatch(/"function":"onOrder"[^\n]*"outcome":"stored"/);
      } finally {
        worker.kill('SIGKILL');
        await client.close();
        await pubsub.stop();
        await keyspace.client.close();
      }
    },
  );
});
