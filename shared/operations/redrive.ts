import { chunks } from '../audit/chunks.ts';
import type { Publisher } from '../messaging/publisher.ts';
import { noteAction } from './noteAction.ts';
import type { Mandate, OperationsStore } from '../store/operationsStore.ts';
import type { DeadLetterPlace, DeadLetterRow } from '../store/store.ts';
import { createPacer } from './pacer.ts';
import { planRedrive, type RedrivePlan } from './planRedrive.ts';

/** So many messages are read, published and noted at the same time, at any rate. */
const IN_FLIGHT_MAX = 64;
/** So many payloads are read at the same time, and held until they are sent. Each may have a megabyte. */
const PLANNED_AT_ONCE = 32;

export interface RedriveDeps {
  readonly store: Pick<OperationsStore, 'findPayload' | 'findActions' | 'recordAction'>;
  readonly publisher: Pick<Publisher, 'publish'>;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
}

interface RedriveOptions {
  readonly operation: Mandate;
  /** The most messages that are begun in a second. */
  readonly ratePerSecond: number;
  /** The most messages that are sent. */
  readonly limit: number;
  /** Stops between two messages. Those that have begun are ended. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (sent: number) => void;
}

/** What came of a redrive. */
export interface RedriveResult {
  readonly sent: number;
  /** Why dead letters were not sent, and how many. */
  readonly refused: ReadonlyMap<string, number>;
  /** All dead letters up to this one are done. Undefined when none is. */
  readonly doneUpTo: DeadLetterPlace | undefined;
  /** Why it ended before the last dead letter; undefined when it came to the end. */
  readonly stopped: 'limit' | 'signal' | undefined;
}

/** A message could not be published, or it was and that could not be noted. What follows was not begun. */
export class RedriveFailedError extends Error {
  override readonly name = 'RedriveFailedError';
  readonly result: RedriveResult;

  constructor(result: RedriveResult, cause: unknown) {
    super(`the redrive stopped after ${result.sent} messages`, { cause });
    this.result = result;
  }
}

/**
 * Puts events back on their input topics. Each is published first and noted afterwards. So whatever dies in
 * between leaves an event that was sent and not noted, and to send it again adds nothing: it stays one entry.
 * @param rows in the order of `comparePlaces`.
 * @throws RedriveFailedError when Pub/Sub or the store does not answer. It says how far it came.
 */
export const redrive = async (
  deps: RedriveDeps,
  rows: AsyncIterable<DeadLetterRow>,
  options: RedriveOptions,
): Promise<RedriveResult> => {
  const { ratePerSecond, limit, signal, onProgress = () => {} } = options;
  const pacer = createPacer({ ratePerSecond, inFlightMax: IN_FLIGHT_MAX });
  const done = createDoneList();
  const refused = new Map<string, number>();
  const failures: unknown[] = [];
  let begun = 0;
  let sent = 0;
  let stopped: RedriveResult['stopped'];

  for await (const { row, plan } of planAhead(deps.store, rows)) {
    stopped = signal?.aborted === true ? 'signal' : begun >= limit ? 'limit' : undefined;
    if (stopped !== undefined || failures.length > 0) break;
    const finish = done.begin(row);
    if (plan.kind === 'refuse') {
      refused.set(plan.why, (refused.get(plan.why) ?? 0) + 1);
      finish();
      continue;
    }
    begun += 1;
    await pacer.begin(async () => {
      try {
        await send(deps, row, plan, options.operation);
        sent += 1;
        finish();
        onProgress(sent);
      } catch (error) {
        failures.push(error);
      }
    });
  }
  await pacer.idle();
  const result: RedriveResult = { sent, refused, doneUpTo: done.upTo(), stopped };
  if (failures.length > 0) throw new RedriveFailedError(result, failures[0]);
  return result;
};

interface Planned {
  readonly row: DeadLetterRow;
  readonly plan: RedrivePlan;
}

/** Plans the next messages while those before them are sent, so that reading does not lower the rate. */
const planAhead = async function* (
  store: RedriveDeps['store'],
  rows: AsyncIterable<DeadLetterRow>,
): AsyncGenerator<Planned> {
  let next: Promise<readonly Planned[]> = Promise.resolve([]);
  for await (const some of chunks(rows, { size: PLANNED_AT_ONCE })) {
    const ready = next;
    next = Promise.all(some.map(async (row) => ({ row, plan: await planOf(store, row) })));
    // Whoever stops before these are needed does not hear of their failure.
    next.catch(() => {});
    yield* await ready;
  }
  yield* await next;
};

/** What a redrive of a dead letter would do now. */
export const planOf = async (store: RedriveDeps['store'], row: DeadLetterRow): Promise<RedrivePlan> => {
  const [payload, actions] = await Promise.all([store.findPayload(row, row.reason), store.findActions(row)]);
  return planRedrive(row, payload, actions);
};

const send = async (
  { store, publisher, clock }: RedriveDeps,
  row: DeadLetterRow,
  plan: Extract<RedrivePlan, { kind: 'send' }>,
  operation: Mandate,
): Promise<void> => {
  const messageId = await publisher.publish(plan.topic, plan.message);
  await noteAction(store, row, operation, {
    kind: 'redriven',
    actedAtMs: clock(),
    redrives: plan.redrives,
    detail: messageId,
  });
};

/** Knows up to which dead letter all are done, although several are under way and may end in any order. */
const createDoneList = () => {
  const open: { readonly place: DeadLetterPlace; isDone: boolean }[] = [];
  let upTo: DeadLetterPlace | undefined;
  return {
    begin: ({ day, shard, id, reason }: DeadLetterRow) => {
      const one = { place: { day, shard, id, reason }, isDone: false };
      open.push(one);
      return (): void => {
        one.isDone = true;
        while (open[0]?.isDone === true) upTo = open.shift()?.place;
      };
    },
    upTo: () => upTo,
  };
};
