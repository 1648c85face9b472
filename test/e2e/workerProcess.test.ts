import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PubSub } from '@google-cloud/pubsub';
import { expect, inject, it, onTestFinished } from 'vitest';
import { startMemoryStore } from '../../local/cassandra/startMemoryStore.ts';
import { provision } from '../../local/pubsub/provision.ts';
import { startWorker } from '../../local/startWorker.ts';
import { until } from '../../proof/until.ts';
import { orderBody } from '../support/messages/bodies.ts';

const PROJECT_ID = 'tally-worker-process';

const setUp = async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tally-worker-'));
  const store = await startMemoryStore('the test');
  onTestFinished(async () => {
    await store.stop();
    await rm(folder, { recursive: true });
  });
  const pubsub = inject('pubsub') ?? '';
  const logFile = join(folder, 'worker.log');
  return {
    pubsub,
    log: () => readFile(logFile, 'utf8'),
    start: (projectId: string, env: Readonly<Record<string, string>> = {}) =>
      startWorker({
        logFile,
        onLine: () => {},
        env: {
          ...store.env,
          PUBSUB_EMULATOR_HOST: pubsub,
          GOOGLE_CLOUD_PROJECT: projectId,
          METADATA_SERVER_DETECTION: 'none',
          ...env,
        },
      }),
  };
};

it('the worker’s process settles a message, and drains when it is stopped', async () => {
  const { pubsub, log, start } = await setUp();
  await provision({ projectId: PROJECT_ID, pubsub, functionUrls: {}, isGoogleEmulator: true });
  const worker = await start(PROJECT_ID);
  onTestFinished(() => worker.stop());
  const producer = new PubSub({ projectId: PROJECT_ID, apiEndpoint: pubsub, emulatorMode: true });
  onTestFinished(() => producer.close());

  await producer.topic('orders_data').publishMessage({ data: Buffer.from(JSON.stringify(orderBody(1))) });
  await until('the outcome line', async () => (await log()).includes('"message":"message settled"'));
  await worker.stop();

  const lines = (await log()).trim().split('\n');
  expect(lines.find((line) => line.includes('message settled'))).toContain('"function":"onOrder"');
  expect(lines.at(-1)).toContain('"message":"drained"');
});

it('the worker’s process says that it pulls, also where only errors are logged', async () => {
  const { pubsub, start } = await setUp();
  await provision({ projectId: PROJECT_ID, pubsub, functionUrls: {}, isGoogleEmulator: true });

  const worker = await start(PROJECT_ID, { LOG_LEVEL: 'error' });
  onTestFinished(() => worker.stop());

  expect(worker.name).toBe('worker');
});

it('the worker’s process ends where there is nothing to pull from, and says what is missing', async () => {
  const { log, start } = await setUp();

  const worker = await start('tally-nothing-here');
  await expect(worker.died).rejects.toThrow('ended with code 1');

  expect(await log()).toContain('stream ended');
});
