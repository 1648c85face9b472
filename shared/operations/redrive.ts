import type { Publisher } from '../messaging/publisher.ts';
import { problemsOfBody } from './editDeadLetter.ts';
import { noteAction } from './noteAction.ts';
import type { Mandate, OperationsStore } from '../store/operationsStore.ts';
import type { DeadLetterPlace } from '../domain/deadLetterPlace.ts';
import type { DeadLetterRow } from '../store/auditSource.ts';
import { createPacer } from './pacer.ts';
import { planRedrive, type RedrivePlan } from './planRedrive.ts';
import { closeSoon, untilAborted } from './untilAborted.ts';

/** So many messages are read, published and noted at the same time, at any rate. */
const IN_FLIGHT_MAX = 64;
/** So many payloads are read, or wait to be sent. Each may have a megabyte. */
const PLANNED_AT_ONCE = 32;

export interface RedriveDeps {
  readonly store: Pick<OperationsStore, 'findPayload' | 'findActions' | 'findOrderRecord' | 'recordAction'>;
  readonly publisher: Pick<Publisher, 'publish'>;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
}

interface RedriveOptions {
  readonly operation: Mandate;
  /** The most messages that are begun in a second. */
  readonly ratePerSecond: number;
  /** The most messages that are sent, at least 1. Behind the last of them nothing is read. */
  readonly limit: number;
  /** Stops between two messages, or while the next dead letter is looked for. What has begun is ended. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (sent: number) => void;
  /** Called for each message that was sent and noted. */
  readonly onSent?: (row: DeadLetterRow, plan: SendPlan) => void;
  /** Default false. True: what today's schema refuses is not sent either. */
  readonly skipsInvalid?: boolean;
}

/** What is sent, and where to. */
export type SendPlan = Extract<RedrivePlan, { kind: 'send' }>;

/** What came of a redrive. */
export interface RedriveResult {
  readonly sent: number;
  /** Why dead letters were not sent, and how many. */
  readonly refused: ReadonlyMap<string, number>;
  /** All dead letters up to this one are done. Undefined when none is. */
  readonly doneUpTo: DeadLetterPlace | undefined;
  /** Why it ended, perhaps before the last dead letter; undefined when it came to the end. */
  readonly stopped: 'limit' | 'signal' | undefined;
}

/** Something could not be read, published or noted. What follows was not begun. */
export class RedriveFailedError extends Error {
  override readonly name = 'RedriveFailedError';
  readonly result: RedriveResult;

  constructor(result: RedriveResult, cause: unknown) {
    super(`the redrive stopped after ${result.sent} ${result.sent === 1 ? 'message' : 'messages'}`, {
      cause,
    });
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
  const { ratePerSecond, limit, signal, onProgress = () => {}, onSent = () => {} } = options;
  const pacer = createPacer({ ratePerSecond, inFlightMax: IN_FLIGHT_MAX });
  const done = createDoneList();
  const refused = new Map<string, number>();
  const failed = new AbortController();
  const stop = AbortSignal.any([failed.signal, ...(signal === undefined ? [] : [signal])]);
  let begun = 0;
  let sent = 0;

  try {
    for await (const { row, plan } of untilAborted(planAhead(deps.store, rows, options), stop)) {
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
          onSent(row, plan);
        } catch (error) {
          failed.abort(error);
        }
      });
      if (begun >= limit) break;
    }
  } catch (error) {
    failed.abort(error);
  }
  const stopped = begun >= limit ? 'limit' : signal?.aborted === true ? 'signal' : undefined;
  await pacer.idle();
  const result = { sent, refused, doneUpTo: done.upTo() };
  if (failed.signal.aborted)
    throw new RedriveFailedError({ ...result, stopped: undefined }, failed.signal.reason);
  return { ...result, stopped };
};

type PlanStore = Pick<OperationsStore, 'findPayload' | 'findActions' | 'findOrderRecord'>;

interface Planned {
  readonly row: DeadLetterRow;
  readonly plan: RedrivePlan;
}

/**
 * What a redrive of each dead letter would do now, in their order. It reads ahead while the messages before
 * are sent, and holds nothing back that is ready: a scan may take minutes to find the next dead letter.
 */
export const planAhead = async function* (
  store: PlanStore,
  rows: AsyncIterable<DeadLetterRow>,
  options: Pick<RedriveOptions, 'skipsInvalid'> = {},
): AsyncGenerator<Planned> {
  const iterator = rows[Symbol.asyncIterator]();
  const planned: Promise<Planned>[] = [];
  let reading = unheard(iterator.next());
  try {
    for (;;) {
      const first = planned.slice(0, 1).map((one) => one.then(() => undefined));
      const read = await Promise.race(planned.length < PLANNED_AT_ONCE ? [reading, ...first] : first);
      if (read === undefined) {
        yield* planned.splice(0, 1);
        continue;
      }
      if (read.done === true) break;
      const row = read.value;
      planned.push(unheard(planOf(store, row, options).then((plan) => ({ row, plan }))));
      reading = unheard(iterator.next());
    }
    yield* planned;
  } finally {
    closeSoon(iterator);
  }
};

/** Whoever stops before it is needed does not hear of its failure. */
const unheard = <Result>(promise: Promise<Result>): Promise<Result> => {
  promise.catch(() => {});
  return promise;
};

/** Why a dead letter is left out that today's schema would refuse again. */
export const INVALID_AGAIN = 'it would be invalid again: edit it, or discard it';

/** What a redrive of a dead letter would do now. */
export const planOf = async (
  store: PlanStore,
  row: DeadLetterRow,
  { skipsInvalid = false }: Pick<RedriveOptions, 'skipsInvalid'> = {},
): Promise<RedrivePlan> => {
  const [payload, actions, isRedacted] = await Promise.all([
    store.findPayload(row, row.reason),
    store.findActions(row),
    isEventRedacted(store, row),
  ]);
  const plan = planRedrive({ ...row, isRedacted }, payload, actions);
  const isRefusedAgain =
    skipsInvalid && plan.kind === 'send' && problemsOfBody(plan.topic, plan.message.data).length > 0;
  return isRefusedAgain ? { kind: 'refuse', why: INVALID_AGAIN } : plan;
};

/**
 * Whether card numbers of the event were masked. Two events with one write time may have told the same
 * finding, and then the mark of the dead letter may be the other one's. The ledger has the mark of each.
 */
const isEventRedacted = async (
  store: Pick<OperationsStore, 'findOrderRecord'>,
  { isRedacted, orderId, toldBy }: DeadLetterRow,
): Promise<boolean> => {
  if (!isRedacted || orderId === undefined) return isRedacted;
  const { ledger } = await store.findOrderRecord(orderId);
  const entry = ledger.find(({ eventId }) => eventId === toldBy)?.entry;
  return entry === undefined || (entry.kind !== 'decision' && entry.isRedacted);
};

const send = async (
  { store, publisher, clock }: RedriveDeps,
  row: DeadLetterRow,
  plan: SendPlan,
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
