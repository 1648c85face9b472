/**
 * Every time limit between a delivery and its answer, and the limits of the scheduled audit and of the
 * simulator, on one page. A limit is always shorter than the limit of the caller that waits for it. The
 * module checks that when it is loaded, so a function with a wrong number does not start.
 */

/**
 * How long Pub/Sub waits for the answer to a push. It is also the timeout of the push request:
 * https://cloud.google.com/pubsub/docs/reference/rpc/google.pubsub.v1#subscription.
 */
export const ACK_DEADLINE_SECONDS = 60;

/**
 * When Cloud Run ends a consumer's request. By then, the endpoint has answered, at the latest with 503.
 * Pub/Sub still waits at that time.
 */
export const CONSUMER_TIMEOUT_SECONDS = ACK_DEADLINE_SECONDS - 2;

/**
 * How long it may take to handle a message, with everything that it tells. After that, the message is not
 * acked, and Pub/Sub delivers it again.
 */
export const HANDLE_TIMEOUT_MS = 50_000;

/**
 * How long the worker keeps a message that it pulled: it waits in the worker's queue, and then it is handled.
 * After that, Pub/Sub delivers it again.
 */
export const LEASE_SECONDS_MAX = 2 * ACK_DEADLINE_SECONDS;

/**
 * How long a message may wait in the worker's queue. After that it is given back: its lease would end while
 * it is handled, and then its ack has no effect.
 */
export const QUEUE_TIMEOUT_MS = 60_000;

/** How long a publish may take. By default, the Pub/Sub client would retry for 600 s. */
export const PUBLISH_TIMEOUT_MS = 15_000;

/**
 * How long it may take to open a connection to a Cassandra node. A node that accepts the connection and then
 * stays silent costs `STATEMENT_TIMEOUT_MS` instead.
 */
export const CONNECT_TIMEOUT_MS = 5_000;

/** How long a statement may take. After that, the driver closes the statement's connection. */
export const STATEMENT_TIMEOUT_MS = 6_500;

/**
 * The most statements that a handler sends one after another, before it tells: record, read, show, and one
 * more page of the read. Statements that it sends at the same time count as one. A test counts them on every
 * path. A ledger with more than 250 entries needs more pages. On a slow cluster such an order may use up
 * `HANDLE_TIMEOUT_MS`. Then Pub/Sub delivers it again.
 */
export const STATEMENTS_IN_A_ROW_MAX = 4;

/** The most statements that `onDlq` sends one after another to tell: where a dead letter is, then itself. */
export const STATEMENTS_TO_TELL_MAX = 2;

/**
 * The default of Cassandra's `native_transport_timeout`. When a statement waits longer in a node's queue, the
 * node answers with an error. Up to Cassandra 5.0.8, that error comes on stream 0 and not on the stream of
 * its request (CASSANDRA-21508). The driver would take this error, and then other answers, for the answers to
 * other statements. So the driver must have closed the connection by then.
 */
const CASSANDRA_QUEUE_TIMEOUT_MS = 12_000;

/** How long a function may finish its requests after SIGTERM. A request that still runs then is not acked. */
export const DRAIN_TIMEOUT_MS = 8_000;

/** How long a process waits at its end until the last spans are sent. */
export const TRACES_FLUSH_TIMEOUT_MS = 1_000;

/**
 * How long after SIGTERM Cloud Run kills an instance: https://cloud.google.com/run/docs/container-contract.
 */
const PLATFORM_KILL_MS = 10_000;

/** How long the scheduled audit takes new steps. The last one may run until `AUDIT_DEADLINE_MS`. */
export const AUDIT_BUDGET_MS = 240_000;

/**
 * When the scheduled audit gives up its last step, counted from the start of the call. The call can then
 * still report that it gave up.
 */
export const AUDIT_DEADLINE_MS = 510_000;

/** When the platform ends a call of the scheduled audit. */
export const AUDIT_TIMEOUT_SECONDS = 540;

/** Enough time for a read that began just before `AUDIT_DEADLINE_MS`, and for the answer of the call. */
const AUDIT_LAST_READ_MS = 20_000;

/** The longest run of the simulator. It refuses a request for a longer one. */
export const RUN_SECONDS_MAX = 540;

/** When the platform ends a run of the simulator. This leaves a minute for the answer. */
export const SIMULATOR_TIMEOUT_SECONDS = RUN_SECONDS_MAX + 60;

const DEADLINES = {
  ackMs: ACK_DEADLINE_SECONDS * 1_000,
  consumerMs: CONSUMER_TIMEOUT_SECONDS * 1_000,
  handleMs: HANDLE_TIMEOUT_MS,
  queueMs: QUEUE_TIMEOUT_MS,
  leaseMs: LEASE_SECONDS_MAX * 1_000,
  publishMs: PUBLISH_TIMEOUT_MS,
  connectMs: CONNECT_TIMEOUT_MS,
  statementMs: STATEMENT_TIMEOUT_MS,
  drainMs: DRAIN_TIMEOUT_MS,
  tracesFlushMs: TRACES_FLUSH_TIMEOUT_MS,
  auditBudgetMs: AUDIT_BUDGET_MS,
  auditDeadlineMs: AUDIT_DEADLINE_MS,
  auditMs: AUDIT_TIMEOUT_SECONDS * 1_000,
};

/**
 * Checks that the limits fit into each other.
 * @param changes limits that replace those of this page; only tests pass some.
 * @throws Error that names the first relation that does not hold.
 */
export const assertDeadlines = (changes: Partial<typeof DEADLINES> = {}): void => {
  const { ackMs, consumerMs, handleMs, publishMs, connectMs, statementMs, ...others } = {
    ...DEADLINES,
    ...changes,
  };
  const { queueMs, leaseMs, drainMs, tracesFlushMs, auditBudgetMs, auditDeadlineMs, auditMs } = others;
  const statementsMs = Math.max(connectMs, statementMs) + STATEMENTS_IN_A_ROW_MAX * statementMs;
  assertBelow(
    statementsMs + Math.max(publishMs, STATEMENTS_TO_TELL_MAX * statementMs),
    handleMs,
    'a connect, all statements and what is told must fit into the time for a message',
  );
  assertBelow(handleMs, consumerMs, 'a message must be handled before its request ends');
  assertBelow(consumerMs, ackMs, 'a consumer’s request must end before the ack deadline');
  assertBelow(
    queueMs + handleMs,
    leaseMs,
    'a message that was pulled must have waited and be handled before its lease ends',
  );
  assertBelow(statementMs, CASSANDRA_QUEUE_TIMEOUT_MS, 'a statement must end before Cassandra gives it up');
  assertBelow(
    drainMs + tracesFlushMs,
    PLATFORM_KILL_MS,
    'a function must be drained, and its last spans sent, before the platform kills it',
  );
  assertBelow(
    auditBudgetMs,
    auditDeadlineMs,
    'the audit must begin its last step before it gives that step up',
  );
  assertBelow(
    auditDeadlineMs + AUDIT_LAST_READ_MS,
    auditMs,
    'the audit must give its last step up before the platform ends the call',
  );
};

const assertBelow = (sooner: number, later: number, otherwise: string): void => {
  if (sooner >= later) throw new Error(`${otherwise}: ${sooner} ms is not below ${later} ms`);
};

assertDeadlines();
