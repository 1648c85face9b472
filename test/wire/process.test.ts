import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { findFreePort } from '../../local/ports.ts';
import { startFunction } from '../../local/startFunction.ts';
import type { CassandraConfig } from '../../shared/config.ts';
import { createTestKeyspace, hasCassandra } from '../support/cassandra/testKeyspace.ts';
import { answerFrame, OPCODE } from '../support/wire/cqlFrame.ts';
import { type CqlProxy, startCqlProxy } from '../support/wire/cqlProxy.ts';
import { until } from '../../proof/until.ts';
import {
  answerWith,
  CONNECTION_STRIKES,
  failAfter,
  forgetStatement,
  type Strike,
} from '../support/wire/wireFaults.ts';
import { orderTo, pushOf } from '../support/wire/wireMessages.ts';

/** The outcome that each fault at an order's write must have. */
const FAULTS: readonly { readonly what: string; readonly strike: Strike; readonly status: number }[] = [
  { what: 'an overload', strike: failAfter('overloaded'), status: 503 },
  { what: 'a write that timed out', strike: failAfter('writeTimeout'), status: 503 },
  { what: 'a statement that it calls invalid', strike: failAfter('invalid'), status: 503 },
  { what: 'a reset', strike: CONNECTION_STRIKES['is reset after the statement took effect'], status: 503 },
  {
    what: 'half an answer',
    strike: CONNECTION_STRIKES['is closed in the middle of the answer'],
    status: 503,
  },
  { what: 'zeros', strike: answerWith(() => Buffer.alloc(64)), status: 503 },
  {
    what: 'an ERROR without a body',
    strike: answerWith(({ request }) => answerFrame(request, OPCODE.error, Buffer.alloc(0))),
    status: 503,
  },
  { what: 'a statement forgotten', strike: forgetStatement, status: 204 },
];

describe.skipIf(!hasCassandra)('a function’s process', () => {
  let folder = '';
  let config: CassandraConfig;
  let proxy: CqlProxy;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tally-wire-'));
    const keyspace = await createTestKeyspace();
    config = keyspace.config;
    await keyspace.client.close();
    proxy = await startCqlProxy(config.port);
  });
  afterAll(async () => {
    await proxy.stop();
    await rm(folder, { recursive: true });
  });

  it('survives every fault on its connection, one after the other, and ends when it is stopped', async () => {
    const port = await findFreePort();
    const logFile = join(folder, 'onOrder.log');
    const { stop } = await startFunction({
      name: 'onOrder',
      port,
      logFile,
      onLine: () => {},
      env: {
        CASSANDRA_CONTACT_POINTS: `127.0.0.1:${proxy.port}`,
        CASSANDRA_KEYSPACE: config.keyspace,
        GOOGLE_CLOUD_PROJECT: 'tally-local',
        METADATA_SERVER_DETECTION: 'none',
      },
    });
    onTestFinished(stop);
    const push = async (orderId: number): Promise<number> => {
      const { method, rawBody = new Uint8Array() } = pushOf(orderTo(orderId));
      const answer = await fetch(`http://127.0.0.1:${port}`, { method, body: new Uint8Array(rawBody) });
      return answer.status;
    };
    expect(await push(1)).toBe(204);

    const ends: { what: string; status: number }[] = [];
    for (const [index, { what, strike }] of FAULTS.entries()) {
      const laid = proxy.lay({ hits: ({ opcode }) => opcode === OPCODE.batch, strike });
      ends.push({ what, status: await push(index + 2) });
      expect(laid.struck()).toBe(1);
      await until(`an ack after ${what}`, async () => (await push(index + 2)) === 204, 10_000);
    }
    await stop();

    expect(ends).toEqual(FAULTS.map(({ what, status }) => ({ what, status })));
    const log = await readFile(logFile, 'utf8');
    expect(log).not.toContain('Uncaught');
    expect(log).toContain('"message":"drained"');
  });
});
