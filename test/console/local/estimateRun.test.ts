import { once } from 'node:events';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { estimateRun } from '../../../console/local/estimateRun.ts';
import { RunRefusedError } from '../../../console/local/simulatorRuns.ts';

const start = async (status: number, answer: object) => {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      asked.push(`${request.method} ${body}`);
      response.writeHead(status).end(JSON.stringify(answer));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return { asked, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
};

describe('the estimate of a run', () => {
  it('comes from the simulator, which gets the whole request and publishes nothing', async () => {
    const { url, asked } = await start(200, { messages: 120, seconds: 0 });

    expect(await estimateRun(url, { preset: 'shop', orders: 60 })).toEqual({ messages: 120, seconds: 0 });
    expect(asked).toEqual(['OPTIONS {"preset":"shop","orders":60}']);
  });

  it('says at which fields the simulator refuses it', async () => {
    const { url } = await start(400, { error: 'not valid', problems: ['orders: expected 1'] });

    await expect(estimateRun(url, {})).rejects.toThrow(RunRefusedError);
  });
});
