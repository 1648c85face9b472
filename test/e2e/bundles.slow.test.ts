import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { PubSub } from '@google-cloud/pubsub';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { findFreePort } from '../../local/ports.ts';
import { createCassandraAuditSource } from '../../shared/store/cassandraAuditSource.ts';
import type { CassandraClient } from '../../shared/store/driver/cassandraClient.ts';
import { createCassandraStore } from '../../shared/store/cassandraStore.ts';
import { DEPLOYED_FUNCTIONS, type DeployedFunction, nameIn, TOPICS } from '../../shared/topology.ts';
import { createTestKeyspace, hasCassandra } from '../support/cassandra/testKeyspace.ts';
import { type Installed, install, type Started, start } from '../../bench/deployedFunction.ts';
import { orderBody, paymentBody } from '../support/messages/bodies.ts';
import { until } from '../../proof/until.ts';
import { orderEntry } from '../support/messages/entries.ts';
import { hasProgram } from '../support/hasProgram.ts';

const PROJECT_ID = 'tally-bundle-test';
const ENVIRONMENT = 'staging';
const INSTALL_TIMEOUT_MS = 240_000;

interface PushBody {
  readonly message: { readonly attributes: Readonly<Record<string, string>> };
}

const missing = [
  hasCassandra ? undefined : 'a Cassandra',
  (await hasProgram('unzip', '-v')) ? undefined : 'unzip',
  (await hasProgram('npm', '--version')) ? undefined : 'npm',
].filter((part) => part !== undefined);
if (missing.length > 0) {
  const skipped = `SKIPPED: the bundles, which need ${missing.join(' and ')}`;
  if (process.env.CI === 'true') throw new Error(`${skipped}. In CI that is a failure.`);
  console.warn(skipped);
}

describe.skipIf(missing.length > 0)('what is deployed', () => {
  let folder = '';
  let env: Record<string, string> = {};
  let client: CassandraClient;
  let pubsub: PubSub;
  const installed = new Map<DeployedFunction, Installed>();
  const running: Started[] = [];

  const startBundle = async (name: DeployedFunction): Promise<Started> => {
    const { folder: bundle } = installed.get(name) ?? { folder: '' };
    const started = await start(name, { folder: bundle, source: '.', env, recordsModules: true });
    running.push(started);
    return started;
  };
  const recordOf = (orderId: bigint) => createCassandraAuditSource(client).findOrderRecord(orderId);

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tally-bundles-'));
    const keyspace = await createTestKeyspace();
    client = keyspace.client;
    // The order of the payment that the tests send.
    await createCassandraStore(client).recordEntry(orderEntry(1, { orderId: 2n }));
    env = {
      ...inject('cassandraEnv'),
      CASSANDRA_KEYSPACE: keyspace.config.keyspace,
      PUBSUB_EMULATOR_HOST: inject('pubsub') ?? '',
      GOOGLE_CLOUD_PROJECT: PROJECT_ID,
      TALLY_ENVIRONMENT: ENVIRONMENT,
      METADATA_SERVER_DETECTION: 'none',
    };
    pubsub = new PubSub({ projectId: PROJECT_ID, apiEndpoint: inject('pubsub') ?? '', emulatorMode: true });
    for (const topic of TOPICS) await pubsub.createTopic(nameIn(ENVIRONMENT, topic));
    for (const name of DEPLOYED_FUNCTIONS) installed.set(name, await install(name, join(folder, name)));
  }, INSTALL_TIMEOUT_MS);
  afterAll(async () => {
    await Promise.all(running.map((started) => started.stop()));
    await pubsub?.close();
    await client?.close();
    await rm(folder, { recursive: true, force: true });
  });

  it.each([
    ['onOrder', 'orders_data-sub', orderBody(1), '"outcome":"stored"'],
    ['onPayment', 'payments_data-sub', paymentBody(2), '"outcome":"matched"'],
    ['onDlq', 'dlq_payments_data-sub', paymentBody(3), '"outcome":"parked"'],
  ] as const)(
    'of %s settles a push in Cassandra without loading gRPC, faker or the pretty printer',
    async (name, subscription, body, words) => {
      const { url, loaded, log } = await startBundle(name);

      const response = await fetch(url, push(subscription, body));

      expect(response.status).toBe(204);
      await until('the outcome line', async () => (await log()).includes(words));
      const { fact, ledger } = await recordOf(BigInt(body.order_id));
      expect(fact !== undefined || ledger.length > 0).toBe(true);
      const files = await loaded();
      expect(files.map((file) => basename(file))).toContain('index.mjs');
      expect(await packagesIn(files)).toContain('cassandra-driver');
      for (const heavy of ['@google-cloud/pubsub', '@grpc/grpc-js', '@faker-js/faker', 'pino-pretty'])
        expect(await packagesIn(files)).not.toContain(heavy);
    },
  );

  it('of onPayment publishes a dead letter to its environment’s topic, with the client in its own file', async () => {
    const received = Promise.withResolvers<PushBody>();
    const receiver = createServer((request, response) => {
      received.resolve(text(request).then((body): PushBody => JSON.parse(body)));
      request.once('end', () => response.writeHead(204).end());
    });
    const port = await findFreePort();
    await new Promise<void>((resolve) => receiver.listen(port, '127.0.0.1', resolve));
    await pubsub.createSubscription(nameIn(ENVIRONMENT, 'dlq_payments_data'), 'what-was-dead-lettered', {
      pushConfig: { pushEndpoint: `http://127.0.0.1:${port}` },
    });
    const { url, loaded } = await startBundle('onPayment');

    const response = await fetch(url, push('payments_data-sub', paymentBody(99)));

    expect(response.status).toBe(204);
    expect((await received.promise).message.attributes).toMatchObject({
      tally_reason: 'unmatched',
      tally_origin_topic: 'payments_data',
    });
    expect(await packagesIn(await loaded())).toContain('@google-cloud/pubsub');
    receiver.closeAllConnections();
    receiver.close();
  });

  it('of simulate publishes traffic that faker made', async () => {
    const { url, loaded } = await startBundle('simulate');

    const response = await fetch(url, {
      method: 'POST',
      body: JSON.stringify({ preset: 'shop', orders: 5, seed: 1, early: 0, ratePerSecond: 0 }),
    });

    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ expected: { matched: expect.any(Array) } });
    expect(await packagesIn(await loaded())).toEqual(
      expect.arrayContaining(['@faker-js/faker', '@google-cloud/pubsub']),
    );
  });

  it('of audit reads the tables and logs one line', async () => {
    const { url, loaded, log } = await startBundle('audit');

    const response = await fetch(url, { method: 'POST' });

    expect(response.status).toBe(200);
    const lines = await until('the line', async () => (await log()).includes('audit finished') && log());
    expect(lines).toMatch(/"outcome":"(?:clean|suspected)".*"pass_finished":true/);
    expect(await packagesIn(await loaded())).not.toContain('@google-cloud/pubsub');
  });

  it('installs the tested versions, and only the packages that the framework needs', async () => {
    const { folder: bundle } = installed.get('onOrder') ?? { folder: '' };
    const manifest = JSON.parse(await readFile(join(bundle, 'package.json'), 'utf8'));
    const ours = JSON.parse(await readFile(join(import.meta.dirname, '../../package.json'), 'utf8'));
    const framework = '@google-cloud/functions-framework';

    expect(manifest.dependencies).toEqual({ [framework]: ours.dependencies[framework] });
    expect(manifest.scripts).toEqual({ 'gcp-build': '' });
  });
});

/** The packages of which there is something in these files: a bundle names them in its comments. */
const packagesIn = async (urls: readonly string[]): Promise<string[]> => {
  const packages = new Set<string>();
  for (const url of urls.filter((candidate) => candidate.startsWith('file:'))) {
    const file = fileURLToPath(url);
    if (basename(file) === 'pubsub.cjs') packages.add('@google-cloud/pubsub');
    const code = await readFile(file, 'utf8');
    for (const [, name = ''] of `${url}\n${code}`.matchAll(/node_modules\/((?:@[\w.-]+\/)?[\w.-]+)\//g))
      packages.add(name);
  }
  return [...packages];
};

const push = (subscription: string, body: unknown): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({
    subscription: `projects/${PROJECT_ID}/subscriptions/${nameIn(ENVIRONMENT, subscription)}`,
    message: {
      data: Buffer.from(JSON.stringify(body)).toString('base64'),
      messageId: '17',
      publishTime: '2026-11-24T03:00:00.000Z',
    },
  }),
});
