import { createServer } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { loadConfig } from '../../shared/config.ts';
import { TransientError } from '../../shared/errors.ts';
import { createCassandraClient } from '../../shared/store/driver/cassandraClient.ts';

/** A server that accepts connections, and resets each a moment later. */
const startResetting = async (): Promise<number> => {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => socket.resetAndDestroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server listens on no port');
  return address.port;
};

describe('a client that is closed', () => {
  it('while it fails to connect closes without an error: only the caller of `connect` gets one', async () => {
    const { store } = loadConfig({ CASSANDRA_CONTACT_POINTS: `127.0.0.1:${await startResetting()}` });
    if (store.kind !== 'cassandra') throw new Error('expected Cassandra');
    const client = createCassandraClient(store);

    const connecting = client.connect().catch((error: unknown) => error);
    const closing = client.close();

    await expect(closing).resolves.toBeUndefined();
    expect(await connecting).toBeInstanceOf(TransientError);
  });
});
