import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { Agent, type IncomingMessage, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, inject, it, onTestFinished } from 'vitest';
import { startMemoryStore } from '../../local/cassandra/startMemoryStore.ts';
import { findFreePort } from '../../local/ports.ts';
import { provision } from '../../local/pubsub/provision.ts';
import { startFunction } from '../../local/startFunction.ts';
import { until } from '../../proof/until.ts';

const PROJECT_ID = 'tally-memory-test';
const MESSAGES = 80;
const MESSAGE_BYTES = 10_000_000;
/** Half of what a deployed consumer has: `CONSUMER_MEMORY` in cdktf/limits.ts. */
const MEMORY_MIB_MAX = 512;

/** A push of a message of 10 MB that nothing can make smaller. */
const pushOf = (number: number, data: string, isDeadLetter: boolean): Buffer =>
  Buffer.from(
    JSON.stringify({
      subscription: `projects/p/subscriptions/${isDeadLetter ? 'dlq_orders_data' : 'orders_data'}-sub`,
      message: {
        data,
        messageId: String(number),
        publishTime: '2026-11-24T03:00:00.000Z',
        attributes: isDeadLetter ? { tally_reason: 'invalid', tally_error: 'body: too large' } : {},
      },
    }),
  );

/** The connection stays open, so that the answer can be read before the whole body is sent. */
const push = async (port: number, agent: Agent, body: Buffer): Promise<number | undefined> => {
  const sent = request({ port, host: '127.0.0.1', method: 'POST', agent });
  sent.setHeader('content-length', body.byteLength);
  sent.end(body);
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  response.resume();
  return response.statusCode;
};

/** The most memory that a process ever had. Linux counts it. */
const peakMiB = async (pid: number): Promise<number> => {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/VmHWM:\s+(\d+)/.exec(status)?.[1]) / 1024;
};

describe.skipIf(!existsSync('/proc/self/status'))('the memory of a consumer', () => {
  it.each(['onOrder', 'onDlq'] as const)(
    `stays within half of what it is given when ${MESSAGES} messages of 10 MB come at once: %s`,
    { timeout: 400_000 },
    async (name) => {
      const folder = await mkdtemp(join(tmpdir(), 'tally-memory-'));
      const store = await startMemoryStore('the test');
      const pubsub = inject('pubsub') ?? '';
      await provision({ projectId: PROJECT_ID, pubsub, functionUrls: {}, isGoogleEmulator: true });
      const port = await findFreePort();
      const part = await startFunction({
        name,
        port,
        logFile: join(folder, 'function.log'),
        onLine: () => {},
        env: {
          ...store.env,
          PUBSUB_EMULATOR_HOST: pubsub,
          GOOGLE_CLOUD_PROJECT: PROJECT_ID,
          METADATA_SERVER_DETECTION: 'none',
        },
      });
      const agent = new Agent({ keepAlive: true });
      onTestFinished(async () => {
        agent.destroy();
        await part.stop();
        await store.stop();
        await rm(folder, { recursive: true });
      });
      const data = randomBytes(MESSAGE_BYTES).toString('base64');
      const bodies = Array.from({ length: MESSAGES }, (_, number) => pushOf(number, data, name === 'onDlq'));

      const first = await Promise.all(bodies.map((body) => push(port, agent, body)));

      expect(first.filter((status) => status !== 204 && status !== 429)).toEqual([]);
      expect(first).toContain(204);
      for (const [index, status] of first.entries()) {
        const body = bodies[index];
        if (status === 204 || body === undefined) continue;
        await until('an ack', async () => (await push(port, agent, body)) === 204);
      }
      expect(await peakMiB(part.pid)).toBeLessThan(MEMORY_MIB_MAX);
    },
  );
});
