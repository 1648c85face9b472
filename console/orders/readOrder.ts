import { ledgerIdsOf } from '../../shared/audit/inspectDeadLetter.ts';
import { inspectOrder } from '../../shared/audit/inspectOrder.ts';
import { lookAtOrders } from '../../shared/audit/look.ts';
import type { LedgerEntry } from '../../shared/domain/ledgerEntry.ts';
import { statusOf } from '../../shared/domain/verdicts.ts';
import {
  actionsOf,
  isUnknownOrder,
  findOrderView,
  type OrderView,
} from '../../shared/operations/findOrderView.ts';
import { orderLogCommand, orderLogQuery } from '../../shared/operations/orderLogQuery.ts';
import { openFindings } from '../../shared/operations/resolve.ts';
import { toLedgerEntries } from '../../shared/store/rows.ts';
import type { OrderRecord } from '../../shared/store/auditSource.ts';
import type { ConsoleDeps } from '../consoleDeps.ts';
import type { OrderDetail, ToldLetter } from '../contract.ts';
import { orderState } from './orderState.ts';
import { rowOf } from './rowOf.ts';
import { isTaken } from './sayArrival.ts';
import { type Story, tellStory } from './tellStory.ts';
import { toToldLetter } from './toToldLetter.ts';
import { whyShown } from './whyShown.ts';

type ReadDeps = Pick<ConsoleDeps, 'store' | 'clock' | 'feed' | 'local'>;

/** Reads all about an order. @returns undefined when no table has anything about it. */
export const readOrder = async (deps: ReadDeps, orderId: bigint): Promise<OrderDetail | undefined> => {
  const startedAtMs = deps.clock();
  const view = await findOrderView(deps.store, orderId, startedAtMs);
  if (isUnknownOrder(view)) return undefined;
  const [look] = await lookAtOrders(deps.store, [view.record]);
  const readAtMs = deps.clock();
  const letters = lettersOf(view);
  const attemptsOf = (eventId: string) => deps.feed.messageOf(eventId)?.attempts.list;
  const entries = toLedgerEntries(view.record.ledger).toSorted(byArrival(attemptsOf));
  const story = tellStory({ orderId, entries, letters, attemptsOf });
  const { isCut } = inspectOrder(view.record);
  return {
    orderId: orderId.toString(),
    readAtMs,
    readTookMs: readAtMs - startedAtMs,
    ...stateOf(view.record, story),
    counts: countsOf(entries),
    findings: openFindings(view.record).map(({ id, reason, error }) => ({ id, reason, text: error })),
    story: story.items,
    leftOut: story.leftOut,
    row: rowOf(view.record, entries, story),
    problems: look?.violations.map(({ detail }) => detail) ?? [],
    isCut,
    erased: erasureOf(entries),
    deadLetters: letters,
    areDeadLettersCut: view.areDeadLettersCut,
    logSearch:
      deps.local === undefined
        ? { text: orderLogQuery(orderId), isQuery: true }
        : { text: orderLogCommand(orderId, deps.local.logFiles), isQuery: false },
  };
};

type Attempts = ReturnType<Parameters<typeof tellStory>[0]['attemptsOf']>;

/** When an event was accepted, where somebody has seen it come; else when it was published. */
const byArrival = (attemptsOf: (eventId: string) => Attempts) => {
  const arrival = ({ eventId, publishedAtMs }: LedgerEntry): number =>
    attemptsOf(eventId)?.find(isTaken)?.startedAtMs ?? publishedAtMs;
  return (a: LedgerEntry, b: LedgerEntry): number =>
    arrival(a) - arrival(b) || (a.eventId < b.eventId ? -1 : 1);
};

const lettersOf = ({ record, deadLetters, actions }: OrderView): readonly ToldLetter[] => {
  const ids = ledgerIdsOf(record);
  return deadLetters
    .toSorted((a, b) => a.publishedAtMs - b.publishedAtMs)
    .map((row) => toToldLetter(row, ids, actionsOf(row, actions)));
};

const stateOf = (
  record: OrderRecord,
  { folded }: Story,
): Pick<OrderDetail, 'state' | 'payments' | 'shown'> => ({
  state: orderState(inspectOrder(record)),
  payments: folded.verdicts.map((entry) => ({
    paymentId: entry.payment.paymentId.toString(),
    status: statusOf(entry),
  })),
  shown: whyShown(folded),
});

const countsOf = (entries: readonly LedgerEntry[]): OrderDetail['counts'] => {
  const count = (kind: LedgerEntry['kind']): number => entries.filter((entry) => entry.kind === kind).length;
  return { orders: count('order'), payments: count('payment'), decisions: count('decision') };
};

const erasureOf = (entries: readonly LedgerEntry[]): OrderDetail['erased'] => {
  const erasure = entries.findLast((entry) => entry.kind === 'decision' && entry.decision === 'erased');
  if (erasure?.kind !== 'decision') return null;
  return { atMs: erasure.publishedAtMs, by: erasure.decidedBy };
};
