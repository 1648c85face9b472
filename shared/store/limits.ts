/**
 * How long the store may take. A handler sends at most four statements one after the other: together with a connect they
 * stay below its own limit, `HANDLE_TIMEOUT_MS`, and so below the ack deadline.
 */
export const STATEMENT_TIMEOUT_MS = 8_000;
export const CONNECT_TIMEOUT_MS = 5_000;
/**
 * Cassandra's own `native_transport_timeout`, by default. What waited longer than this in a node's queue is answered with an
 * error, which up to 5.0.8 comes on stream 0 whatever stream the request was sent on (CASSANDRA-21508): the driver would
 * take it, and then other answers, for the answer of another statement. So the connection must be gone by then.
 */
const CASSANDRA_QUEUE_TIMEOUT_MS = 12_000;

if (STATEMENT_TIMEOUT_MS >= CASSANDRA_QUEUE_TIMEOUT_MS) {
  throw new Error('STATEMENT_TIMEOUT_MS must be below Cassandra’s native_transport_timeout');
}
