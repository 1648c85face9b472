import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PubSub } from '@google-cloud/pubsub';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { provision } from '../../local/pubsub/provision.ts';
import { until } from '../../proof/until.ts';
import { orderBody } from '../support/messages/bodies.ts';
import { commandEnv } from '../support/commands/commandEnv.ts';
import { runTally } from '../support/commands/runScript.ts';

describe('tally replay', () => {
  // No command of this file connects to it.
  const env: Record<string, string> = { ...commandEnv(), CASSANDRA_CONTACT_POINTS: '127.0.0.1:1' };
  const projectId = env.GOOGLE_CLOUD_PROJECT ?? '';
  const pubsub = inject('pubsub') ?? '';
  const received: string[] = [];
  let client: PubSub;
  const publish = (topic: string) => client.topic(topic).publishMessage({ json: orderBody(1) });
  const timesOf = (id: string): number => received.filter((one) => one === id).length;

  beforeAll(async () => {
    await provision({ projectId, pubsub, functionUrls: {}, isGoogleEmulator: false });
    client = new PubSub({ projectId, apiEndpoint: pubsub, emulatorMode: true });
    for (const name of ['orders_data-sub', 'payments_data-sub'])
      client.subscription(name).on('message', (message) => {
        received.push(message.id);
        message.ack();
      });
  });
  afterAll(() => client.close());

  it('says that there is nothing to deliver again, and does not ask', async () => {
    const result = await runTally(['replay', '--since', '1h'], { env });

    expect(result).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(
        /^Nothing was delivered again: this Pub\/Sub keeps no message that was published since .*Z\.\n$/,
      ),
    });
  });

  it('does nothing before somebody says yes, delivers acked messages again, and says how many', async () => {
    const ids = [await publish('orders_data'), await publish('orders_data'), await publish('payments_data')];
    await until('all of them', () => ids.every((id) => timesOf(id) === 1));

    const asked = await runTally(['replay', '--since', '1h'], { env });
    const done = await runTally(['replay', '--since', '1h', '--yes'], { env });

    const counted = '2 messages of orders_data, 1 message of payments_data';
    expect(asked).toMatchObject({
      exitCode: 2,
      stdout: '',
      stderr: expect.stringContaining(`${counted} would be delivered again, the oldest published at `),
    });
    expect(done).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining(`Delivered again: ${counted}, `),
    });
    await until('all of them again', () => ids.every((id) => timesOf(id) === 2));
    const [subscriptions] = await client.getSubscriptions();
    expect(subscriptions.filter(({ name }) => name.includes('replay'))).toEqual([]);
  });

  it('takes one topic, and tells programs the same', async () => {
    const id = await publish('payments_data');
    await until('it', () => timesOf(id) === 1);

    const { stdout } = await runTally(
      ['replay', '--since', '1h', '--topic', 'payments_data', '--yes', '--json'],
      { env },
    );

    expect(JSON.parse(stdout)).toMatchObject({
      done: true,
      messages: { payments_data: 2 },
      oldest: expect.stringMatching(/Z$/),
    });
  });

  it('prints the commands for Google Cloud, and does nothing', async () => {
    const { PUBSUB_EMULATOR_HOST: _, ...cloud } = env;

    const { exitCode, stdout } = await runTally(['replay', '--since', '2026-11-24'], { env: cloud });

    expect(exitCode).toBe(0);
    expect(stdout).toContain(
      `gcloud pubsub subscriptions seek orders_data-sub --project=${projectId} --time=2026-11-24T00:00:00.000Z`,
    );
    // Without the snapshot, what was published before that day and still waits would be lost.
    const snapshot = `tally-replay-orders_data-sub-${Date.UTC(2026, 10, 24)} --project=${projectId}`;
    expect(stdout.indexOf(`snapshots create ${snapshot} --subscription=orders_data-sub`)).toBeGreaterThan(0);
    expect(stdout.indexOf('--snapshot=tally-replay-orders_data-sub-')).toBeGreaterThan(
      stdout.indexOf(' --time='),
    );
    expect(stdout).toContain(`snapshots delete ${snapshot}`);
  });

  it('refuses a time to come, at which Pub/Sub would forget all that waits', async () => {
    const { exitCode, stdout, stderr } = await runTally(['replay', '--since', '2200-01-01'], { env });

    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toContain('--since: expected a time that is past, got 2200-01-01T00:00:00.000Z');
  });

  it('goes back to the oldest message that waits, because a seek would forget it', async () => {
    const waitsSinceMs = Date.now() - 3_600_000;
    const edges = { subscriptions: { 'orders_data-sub': { backlog: 1, oldestMs: waitsSinceMs } } };
    const page = createServer((_request, response) =>
      response.end(`event: frame\ndata: ${JSON.stringify({ edges })}\n\n`),
    );
    await once(page.listen(0, '127.0.0.1'), 'listening');
    const folder = await mkdtemp(join(tmpdir(), 'tally-replay-'));
    const { port } = page.address() as AddressInfo;
    const console = `http://127.0.0.1:${port}/`;
    const run = { pid: process.pid, env: { PUBSUB_EMULATOR_HOST: pubsub }, simulateUrl: console, console };
    await writeFile(join(folder, 'run.json'), JSON.stringify(run));
    await publish('orders_data');

    const { stdout, stderr } = await runTally(
      ['replay', '--since', '1m', '--topic', 'orders_data', '--yes', '--json'],
      { env: { ...env, TALLY_RUN_FOLDER: folder } },
    );
    page.close();
    await rm(folder, { recursive: true });

    expect(JSON.parse(stdout)).toMatchObject({ done: true, since: new Date(waitsSinceMs).toISOString() });
    expect(stderr).toContain(`A message waits since ${new Date(waitsSinceMs).toISOString()}.`);
  });

  it('says what the Pub/Sub answered when it cannot', async () => {
    const other = { ...env, GOOGLE_CLOUD_PROJECT: 'tally-not-there' };

    const { exitCode, stderr } = await runTally(['replay', '--since', '1h', '--yes'], { env: other });

    expect(exitCode).toBe(2);
    expect(stderr).toContain('this Pub/Sub did not deliver again: PUT subscriptions/tally-replay-');
    expect(stderr).toContain('"npx tally heal" writes what is missing');
  });
});
