import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Notice } from '../../../console/contract.ts';
import { QUIET_FRAME } from '../../../console/feed/quietFeed.ts';
import { until } from '../../../proof/until.ts';
import { startTestConsole, type TestConsole } from '../../support/console/startTestConsole.ts';

const READERS_MAX = 32;

let page: TestConsole;
beforeEach(async () => {
  page = await startTestConsole([]);
});
afterEach(() => page.stop());

const connect = async (port = page.port): Promise<IncomingMessage> => {
  const [response] = await once(get({ port, host: '127.0.0.1', path: '/api/frames' }), 'response');
  return response;
};

describe('frames', () => {
  it('come one after the other, and end with the connection', async () => {
    const response = await connect();
    let said = '';
    response.setEncoding('utf8').on('data', (piece: string) => void (said += piece));

    await until('three frames', () => said.split('\n\n').length > 3);
    expect(response.headers['content-type']).toBe('text/event-stream');
    expect(said).toMatch(/^event: frame\ndata: \{.*"atMs":0,.*"startedAtMs":0[,}]/);
    expect(page.readers()).toBe(1);

    response.destroy();
    await until('no reader', () => page.readers() === 0);
  });

  it('go to so many pages and to no more', async () => {
    const open = await Promise.all(Array.from({ length: READERS_MAX }, () => connect()));

    const { status, text } = await page.ask('/api/frames');

    expect(open.map(({ statusCode }) => statusCode)).toEqual(Array(READERS_MAX).fill(200));
    expect([status, text]).toEqual([503, expect.stringContaining(`at most ${READERS_MAX} pages`)]);
    for (const one of open) one.destroy();
    await until('no reader', () => page.readers() === 0);
    expect((await connect()).statusCode).toBe(200);
  });

  it.for([
    ['topic=dlq_orders_data', 'topic'],
    [`text=${'x'.repeat(201)}`, 'text'],
    ['outcomes=<script>', 'outcomes'],
    [`outcomes=${Array(17).fill('matched').join()}`, 'outcomes'],
  ] as const)('are refused with a filter that is wrong: %s', async ([query, field]) => {
    const { status, text } = await page.ask(`/api/frames?${query}`);

    expect([status, text]).toEqual([400, expect.stringContaining(field)]);
    expect(page.readers()).toBe(0);
  });
});

it('the page gets every notice of the feed, the worst first', async () => {
  const notices: readonly Notice[] = (['faults', 'rates', 'cassandra'] as const).map((kind) => ({
    kind,
    sinceMs: 0,
    text: '',
  }));
  const noticed = await startTestConsole([], { next: () => ({ ...QUIET_FRAME, atMs: 0, notices }) });

  const response = await connect(noticed.port);
  const [said] = await once(response.setEncoding('utf8'), 'data');

  expect([...said.matchAll(/"kind":"(\w+)"/g)].map(([, kind]) => kind)).toEqual([
    'cassandra',
    'rates',
    'faults',
  ]);
  response.destroy();
  await noticed.stop();
});

it('a feed that fails ends the connection, is reported, and leaves the server as it is', async () => {
  const broken = await startTestConsole([], {
    next: () => {
      throw new Error('no frame');
    },
  });

  await expect(broken.ask('/api/frames')).rejects.toThrow('socket hang up');

  expect(broken.bugs).toEqual([expect.objectContaining({ error: 'Error: no frame' })]);
  expect((await broken.ask('/')).status).toBe(200);
  await broken.stop();
});
