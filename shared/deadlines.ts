/**
 * Every time limit between a push and its answer, and those of the functions beside the consumers, on one page: each is shorter
 * than the one that waits for it. The relations are asserted where the module is loaded, so a wrong number starts nothing.
 */

/** How long Pub/Sub waits for the answer to a push. It is also the push request's own timeout. */
export const ACK_DEADLINE_SECONDS = 60;

/** Cloud Run ends a consumer's request before Pub/Sub stops waiting for it, and after the endpoint has answered 503. */
export const CONSUMER_TIMEOUT_SECONDS = ACK_DEADLINE_SECONDS - 2;

/** How long a handler may take before its message is given back. */
export const HANDLE_TIMEOUT_MS = 40_000;

/** How long a publish may take. The client would retry for 600 s. */
export const PUBLISH_TIMEOUT_MS = 15_000;

/** How long a connection to a Cassandra node may take. A node that accepts and stays silent costs `STATEMENT_TIMEOUT_MS`. */
export const CONNECT_TIMEOUT_MS = 5_000;

/** How long a statement may take. Its connection is given up then. */
export const STATEMENT_TIMEOUT_MS = 8_000;

/**
 * The most statements that a handler sends one after the other; those that it sends at once count as one. A test counts them on
 * every path. An order marks the dead letters of its parked payments 32 at a time, so one with more of them sends one more
 * round for each 32: a slow cluster may then use up `HANDLE_TIMEOUT_MS`, and the order is delivered again.
 */
export const STATEMENTS_IN_A_ROW_MAX = 4;

/**
 * Cassandra's own `native_transport_timeout`, by default. A statement that waited longer in a node's queue is answered with an
 * error, and up to 5.0.8 that error comes on stream 0, whatever stream the request was sent on (CASSANDRA-21508). The driver
 * would take it, and then other answers, for the answer to another statement. So the connection must be gone by then.
 */
const CASSANDRA_QUEUE_TIMEOUT_MS = 12_000;

/** How long a function may finish its requests after SIGTERM. A request that is still running then was never acked. */
export const DRAIN_TIMEOUT_MS = 8_000;

/** Cloud Run kills an instance this long after SIGTERM: https://cloud.google.com/run/docs/container-contract. */
const PLATFORM_KILL_MS = 10_000;

/** The scheduled audit begins slices of the ring for this long. The last one may take what is left until the deadline. */
export const AUDIT_BUDGET_MS = 240_000;

/** When the scheduled audit gives its last slice up, so that the call itself says so. Counted from the start of the call. */
export const AUDIT_DEADLINE_MS = 510_000;

/** When the platform ends a call of the scheduled audit. */
export const AUDIT_TIMEOUT_SECONDS = 540;

/** Enough for a read that was begun just before the audit's deadline, and for the answer. */
const AUDIT_LAST_READ_MS = 20_000;

/** The longest run of the simulator; a request for a longer one is refused. */
export const RUN_SECONDS_MAX = 540;

/** When the platform ends a run of the simulator. It leaves a minute for the answer. */
export const SIMULATOR_TIMEOUT_SECONDS = RUN_SECONDS_MAX + 60;

const DEADLINES = {
  ackMs: ACK_DEADLINE_SECONDS * 1_000,
  consumerMs: CONSUMER_TIMEOUT_SECONDS * 1_000,
  handleMs: HANDLE_TIMEOUT_MS,
  publishMs: PUBLISH_TIMEOUT_MS,
  connectMs: CONNECT_TIMEOUT_MS,
  statementMs: STATEMENT_TIMEOUT_MS,
  drainMs: DRAIN_TIMEOUT_MS,
  auditBudgetMs: AUDIT_BUDGET_MS,
  auditDeadlineMs: AUDIT_DEADLINE_MS,
  auditMs: AUDIT_TIMEOUT_SECONDS * 1_000,
};

/**
 * Holds the limits against each other.
 * @param changes other limits than those of this page, for a test.
 * @throws Error that names the first relation that does not hold.
 */
export const assertDeadlines = (changes: Partial<typeof DEADLINES> = {}): void => {
  const { ackMs, consumerMs, handleMs, publishMs, connectMs, statementMs, ...others } = {
    ...DEADLINES,
    ...changes,
  };
  const { drainMs, auditBudgetMs, auditDeadlineMs, auditMs } = others;
  const statementsMs = connectMs + STATEMENTS_IN_A_ROW_MAX * statementMs;
  assertBelow(
    statementsMs,
    handleMs,
    'a connect and all statements of a handler must fit into its own limit',
  );
  assertBelow(
    handleMs + publishMs,
    consumerMs,
    'a handler and its publish must fit into a consumer’s request',
  );
  assertBelow(consumerMs, ackMs, 'a consumer’s request must end before the ack deadline');
  assertBelow(statementMs, CASSANDRA_QUEUE_TIMEOUT_MS, 'a statement must end before Cassandra gives it up');
  assertBelow(drainMs, PLATFORM_KILL_MS, 'a function must be drained before the platform kills it');
  assertBelow(auditBudgetMs, auditDeadlineMs, 'the audit must begin its last slice before that is given up');
  assertBelow(
    auditDeadlineMs + AUDIT_LAST_READ_MS,
    auditMs,
    'the audit must give its last slice up before the platform ends the call',
  );
};

const assertBelow = (sooner: number, later: number, otherwise: string): void => {
  if (sooner >= later) throw new Error(`${otherwise}: ${sooner} ms is not below ${later} ms`);
};

assertDeadlines();
