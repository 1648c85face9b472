import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { deserialize, serialize } from 'node:v8';
import { webPageRefusal } from '../../shared/http/webPageRefusal.ts';
import { createMemoryStore } from '../../shared/store/memoryStore.ts';
import type { OperationsStore } from '../../shared/store/operationsStore.ts';
import type { Store } from '../../shared/store/store.ts';
import type { LocalPart } from '../localPart.ts';

/** Far above a dead letter, whose payload has up to 1 MiB. */
const REQUEST_BYTES_MAX = 32 * 1024 * 1024;

/** Pub/Sub and the page share this process's event loop with a scan. They get a turn after so many rows. */
const ROWS_A_TURN = 200;
/** Longer than the event loop is ever busy: what is closed after that could carry a request already. */
const IDLE_TIMEOUT_MS = 300_000;

const NOTICE = [
  '!!! No Cassandra: the store is this process’s memory. It loses everything',
  '!!! when it stops, and its results prove nothing about Cassandra.',
  '!!! For a real one, install Java 17 and Maven, or start Docker.',
].join('\n');

/**
 * Starts what stands in for Cassandra on a machine without one: a store in this process's memory, over HTTP
 * on 127.0.0.1.
 */
export const startMemoryStore = async (why: string): Promise<LocalPart> => {
  const answer = createMemoryStoreListener();
  const server = createServer((request, response) => void answer(request, response));
  server.keepAliveTimeout = IDLE_TIMEOUT_MS;
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject);
  server.listen(0, '127.0.0.1', resolve);
  await promise;
  const address = addressOf(server);
  return {
    name: 'Cassandra',
    kind: 'memory',
    address,
    why,
    keepsState: false,
    notice: NOTICE,
    env: { TALLY_MEMORY_STORE_URL: `http://${address}` },
    died: new Promise(() => {}),
    stop: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
};

/** Answers the requests of `shared/store/memoryStoreClient.ts`. */
const createMemoryStoreListener = () => {
  const methods = methodsOf(createMemoryStore());
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const refusal = webPageRefusal(request.headers);
    if (refusal !== undefined) {
      response.writeHead(403).end(refusal);
      return;
    }
    const call = methods.get(request.url?.slice(1) ?? '');
    if (request.method !== 'POST' || call === undefined) {
      response.writeHead(404).end();
      return;
    }
    try {
      const args: unknown = deserialize(await bodyOf(request));
      if (!Array.isArray(args)) throw new Error('expected an array of arguments');
      response.end(serialize(await call(...args)));
    } catch (error) {
      response.writeHead(500).end(error instanceof Error ? error.message : 'failed');
    }
  };
};

type Call = (...args: readonly unknown[]) => Promise<unknown>;
type Scan = (...args: never[]) => AsyncIterable<unknown>;

const inOneList =
  (scan: Scan): Call =>
  async (...args) => {
    const rows: unknown[] = [];
    for await (const row of scan(...(args as never[]))) {
      rows.push(row);
      if (rows.length % ROWS_A_TURN === 0) await nextTurn();
    }
    return rows;
  };

/** The methods of the store, by name. A scan becomes one list, because HTTP answers it in one response. */
const methodsOf = (store: Store & OperationsStore): ReadonlyMap<string, Call> => {
  const scans: [string, Call][] = [
    ['scanOrders', inOneList(store.scanOrders)],
    ['scanDeadLetters', inOneList(store.scanDeadLetters)],
    ['scanDeadLetterPages', inOneList(store.scanDeadLetterPages)],
    ['scanDay', inOneList(store.scanDay)],
    ['scanHeads', inOneList(store.scanHeads)],
    ['scanPlacesOfOrder', inOneList(store.scanPlacesOfOrder)],
  ];
  const calls = Object.entries(store).filter(
    (entry): entry is [string, Call] => typeof entry[1] === 'function',
  );
  return new Map([...calls, ...scans]);
};

const bodyOf = async (request: IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes > REQUEST_BYTES_MAX) throw new Error(`expected at most ${REQUEST_BYTES_MAX} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
};

const addressOf = (server: Server): string => {
  const address = server.address();
  if (address === null || typeof address === 'string')
    throw new Error('the memory store does not listen on a port');
  return `127.0.0.1:${address.port}`;
};
