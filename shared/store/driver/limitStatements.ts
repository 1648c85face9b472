import type { Client, QueryOptions, types } from 'cassandra-driver';
import { HANDLE_TIMEOUT_MS } from '../../deadlines.ts';
import { createGate } from './createGate.ts';

/**
 * The most statements in flight of a client. On one connection, more than 128 gain nothing. Above 512, the
 * driver refuses a statement with an error: each would be a nack, which slows the whole subscription.
 */
const STATEMENTS_IN_FLIGHT_MAX = 128;

/** The forms that the store calls. The driver has others, with callbacks. */
type Execute = (query: string, params?: unknown[], options?: QueryOptions) => Promise<types.ResultSet>;
type Batch = (
  queries: { readonly query: string; readonly params?: unknown[] }[],
  options?: QueryOptions,
) => Promise<types.ResultSet>;

/**
 * Lets a client have only so many statements in flight. The others wait in line, at most as long as a message
 * may take: by then, the message that wanted them has been given up.
 */
export const limitStatements = (client: Client): void => {
  const gate = createGate({ max: STATEMENTS_IN_FLIGHT_MAX, what: 'statements', waitMs: HANDLE_TIMEOUT_MS });
  const execute: Execute = client.execute.bind(client);
  const batch: Batch = client.batch.bind(client);
  Object.assign(client, {
    execute: (...statement: Parameters<Execute>) => gate(() => execute(...statement)),
    batch: (...statements: Parameters<Batch>) => gate(() => batch(...statements)),
  });
};
