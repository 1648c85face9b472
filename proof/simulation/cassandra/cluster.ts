import { errors, types } from 'cassandra-driver';
import { QUERY_OPTIONS } from '../../../shared/store/driver/cassandraClient.ts';
import { type Answer, callOut } from '../task.ts';
import type { Cluster, Task } from '../world.ts';
import type { ModelResult, StatementOptions } from './driverTypes.ts';
import { createPaging } from './paging.ts';
import { readFrom } from './readFrom.ts';
import { mergeRows, Replica, type RowWrite, type StoredRow } from './replica.ts';
import { type BoundRead, compile } from './statements.ts';
import { drawTimeline, type Outage, REPLICAS, type Timeline } from './timeline.ts';
import { STATEMENT_TIMEOUT_MS } from '../../../shared/deadlines.ts';

const KNOWN_OPTIONS: readonly string[] = ['consistency', 'logged', 'fetchSize', 'pageState'];
/** A short page may also be empty. */
const SHORT_PAGE_ROWS_MAX = 2;
/**
 * An order of a run has ten entries, not hundreds. So a page has so many times fewer rows than were asked
 * for: a first page of 50 rows has 2, and a later one of 1,000 has 40.
 */
const ROWS_FOR_ONE = 25;

const WRITTEN: ModelResult = { rows: undefined, pageState: null };

const CONSISTENT_WITH_ONE: readonly number[] = [types.consistencies.one, types.consistencies.localOne];

/**
 * How many of the three replicas must answer at a consistency: 1 for ONE and LOCAL_ONE, otherwise a quorum.
 */
export const blockFor = (consistency: number): number =>
  CONSISTENT_WITH_ONE.includes(consistency) ? 1 : Math.floor(REPLICAS / 2) + 1;

/** An answer as slow as this counts as a fault, because several of them can use up a handler's time. */
const SLOW_ANSWER_MS = { min: 500, max: STATEMENT_TIMEOUT_MS } as const;

// Their stacks mean nothing here, so one of each is enough. `toStoreError` looks at the class and the code
// only.
const TIMED_OUT = new errors.OperationTimedOutError('the host did not reply in time', '127.0.0.1');
const UNAVAILABLE = new errors.ResponseError(types.responseErrorCodes.unavailableException, 'unavailable');
const SERVER_TIMED_OUT = {
  write: new errors.ResponseError(types.responseErrorCodes.writeTimeout, 'write timeout'),
  read: new errors.ResponseError(types.responseErrorCodes.readTimeout, 'read timeout'),
} as const;
const CONNECTION_LOST = Object.assign(new Error('the socket was closed'), { isSocketError: true });

/** A statement that was sent. */
interface Sending {
  readonly task: Task;
  readonly options: StatementOptions;
  /** All outages of the run. */
  readonly outages: readonly Outage[];
}

/** @throws Error when an option is not in the model. */
const answersNeeded = (options: StatementOptions): number => {
  const unknown = Object.keys(options).find((name) => !KNOWN_OPTIONS.includes(name));
  if (unknown !== undefined) throw new Error(`the model has no option ${unknown}`);
  return blockFor(options.consistency ?? QUERY_OPTIONS.consistency);
};

/**
 * Sends a statement to the replicas, and answers when enough of them have answered, or with a fault.
 * @param whenEnough is given what happens at the replicas. It returns what to do with enough answers.
 */
const send = (
  { task, options, outages }: Sending,
  kind: 'write' | 'read',
  { reject }: Answer<never>,
  whenEnough: (timeline: Extract<Timeline, { kind: 'sent' }>) => () => void,
): void => {
  const { random, world } = task;
  const { scheduler, faults } = world;
  const nowMs = scheduler.nowMs();
  const timeline = drawTimeline({ kind, nowMs, blockFor: answersNeeded(options), random, faults, outages });
  const backMs = random.integer(1, 5);
  const slowMs = random.integer(SLOW_ANSWER_MS.min, SLOW_ANSWER_MS.max);
  const lostAfterMs = random.integer(0, 30);
  const isAnswerLost = faults.strikes('lost-answer', random);
  const isConnectionLost = faults.strikes('lost-connection', random);
  const isSlow = faults.strikes('slow-answer', random);

  if (timeline.kind === 'unavailable') return scheduler.at(nowMs + backMs, () => reject(UNAVAILABLE));
  const answer = whenEnough(timeline);
  const { enoughAtMs, timeoutMs } = timeline;
  if (isConnectionLost) return scheduler.at(nowMs + lostAfterMs, () => reject(CONNECTION_LOST));
  const answersAtMs = (enoughAtMs ?? nowMs + timeoutMs) + backMs + (isSlow ? slowMs : 0);
  if (isAnswerLost || answersAtMs > nowMs + STATEMENT_TIMEOUT_MS) {
    return scheduler.at(nowMs + STATEMENT_TIMEOUT_MS, () => reject(TIMED_OUT));
  }
  if (enoughAtMs === undefined) return scheduler.at(answersAtMs, () => reject(SERVER_TIMED_OUT[kind]));
  scheduler.at(answersAtMs, () => {
    // Many slow answers can use up the handler's time, so a retry is then no broken promise.
    if (answersAtMs - nowMs >= SLOW_ANSWER_MS.min) task.sawFault = true;
    answer();
  });
};

/** @param outages all outages of the run, drawn before it begins. */
export const createCluster = (outages: readonly Outage[]): Cluster => {
  const replicas = Array.from({ length: REPLICAS }, () => new Replica());
  const paging = createPaging();

  const write = (sending: Sending, writes: readonly RowWrite[], answer: Answer<ModelResult>): void => {
    const { scheduler, checks } = sending.task.world;
    send(sending, 'write', answer, ({ legs }) => {
      for (const { replica, appliesAtMs } of legs) {
        if (appliesAtMs === undefined) continue;
        scheduler.at(appliesAtMs, () => {
          const applying = replicas[replica];
          if (applying === undefined) return;
          for (const one of writes) applying.apply(one);
          checks.onApplied(applying, writes);
        });
      }
      return () => answer.resolve(WRITTEN);
    });
  };

  const read = (sending: Sending, bound: BoundRead, answer: Answer<ModelResult>): void => {
    const { random, world } = sending.task;
    const shortRows = random.integer(0, SHORT_PAGE_ROWS_MAX);
    const { fetchSize, pageState } = sending.options;
    const isShort = fetchSize !== undefined && world.faults.strikes('short-page', random);
    const pageRows = fetchSize === undefined ? undefined : Math.ceil(fetchSize / ROWS_FOR_ONE);
    const request = { pageState, pageRows, shortRows: isShort ? shortRows : undefined };
    send(sending, 'read', answer, ({ answered }) => {
      const answers: (readonly StoredRow[])[] = [];
      for (const { replica, appliesAtMs } of answered) {
        world.scheduler.at(appliesAtMs ?? 0, () => answers.push(readFrom(replicas[replica], bound)));
      }
      return () => {
        const page = paging.pageOf(bound.table, mergeRows(bound.table, answers), request);
        answer.resolve({ rows: bound.toRows(page.rows), pageState: page.pageState });
      };
    });
  };

  return {
    replicas,
    execute: (task, statements, options = {}) =>
      callOut<ModelResult>(task, (answer) => {
        const { world, clockSkewMs, name } = task;
        world.trace(() => `${name}: ${statements.map(({ query }) => query).join('; ')}`);
        const sending = { task, options, outages };
        const writes: RowWrite[] = [];
        for (const { query, params } of statements) {
          const statement = compile(query);
          if (statement.kind === 'read') return read(sending, statement.bind(params), answer);
          writes.push(statement.bind(params, () => BigInt(world.pubsubMs() + clockSkewMs) * 1000n));
        }
        // Cassandra sends the rows of one partition key as one mutation, also when they are in two tables.
        // Tally has no other batches.
        if (writes.some(({ partition }) => partition !== writes[0]?.partition)) {
          throw new Error('the model has batches of one partition key only');
        }
        write(sending, writes, answer);
      }),
  };
};
