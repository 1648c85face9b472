import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { serialize } from 'node:v8';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startMemoryStore } from '../../../local/cassandra/startMemoryStore.ts';
import type { LocalPart } from '../../../local/localPart.ts';

let store: LocalPart;
beforeAll(async () => {
  store = await startMemoryStore('the test');
});
afterAll(() => store.stop());

const post = async (headers: Record<string, string>): Promise<number | undefined> => {
  const sent = request(`http://${store.address}/findEntries`, { method: 'POST', headers });
  sent.end(serialize([1n, true]));
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  response.resume();
  return response.statusCode;
};

describe('the memory store', () => {
  it('answers a function', async () => {
    expect(await post({})).toBe(200);
  });

  it.each([{ origin: 'https://evil.example' }, { host: 'evil.example' }])(
    'refuses what a web page may have sent: %o',
    async (headers) => {
      expect(await post(headers)).toBe(403);
    },
  );
});
