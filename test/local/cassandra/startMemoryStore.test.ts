import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { serialize } from 'node:v8';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startMemoryStore } from '../../../local/cassandra/startMemoryStore.ts';
import type { LocalPart } from '../../../local/localPart.ts';
import { deadLetterKeyOf } from '../../../shared/domain/deadLetter.ts';
import { createMemoryStoreClient } from '../../../shared/store/memoryStoreClient.ts';
import { deadLetterOf } from '../../support/messages/records.ts';

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

  it('answers each scan with the list of what it found', async () => {
    const client = createMemoryStoreClient(`http://${store.address}`);
    const letter = deadLetterOf(1);
    const { day } = deadLetterKeyOf(letter);
    await client.recordDeadLetter(letter);
    const idsOf = async (scan: AsyncIterable<readonly { readonly id: string }[]>) =>
      (await Array.fromAsync(scan)).flat().map(({ id }) => id);

    expect(await idsOf(client.scanDeadLetterPages())).toEqual([letter.id]);
    expect(await idsOf(client.scanDay(day))).toEqual([letter.id]);
    expect(await idsOf(client.scanHeads(day, []))).toEqual([letter.id]);
  });

  it.each([{ origin: 'https://evil.example' }, { host: 'evil.example' }])(
    'refuses what a web page may have sent: %o',
    async (headers) => {
      expect(await post(headers)).toBe(403);
    },
  );
});
