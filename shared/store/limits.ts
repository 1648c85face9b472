/**
 * How long the store may take. A handler sends at most four statements one after the other: together with a connect they
 * stay below its own limit, `HANDLE_TIMEOUT_MS`, and so below the ack deadline.
 */
export const STATEMENT_TIMEOUT_MS = 8_000;
export const CONNECT_TIMEOUT_MS = 5_000;
