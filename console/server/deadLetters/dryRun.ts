import type { DryRun } from '../../deadLetterContract.ts';
import { chunks } from '../../../shared/audit/chunks.ts';
import { createLedgerIdsCache } from '../../../shared/audit/look.ts';
import { problemsOfBody } from '../../../shared/operations/editDeadLetter.ts';
import { errorKindOf } from '../../../shared/operations/errorKindOf.ts';
import { formatPlace } from '../../../shared/domain/deadLetterPlace.ts';
import { inputTopicOf } from '../../../shared/operations/planRedrive.ts';
import { readAhead } from '../../../shared/operations/readAhead.ts';
import { INVALID_AGAIN, planOf, type SendPlan } from '../../../shared/operations/redrive.ts';
import type { OperationsStore } from '../../../shared/store/operationsStore.ts';
import type { DeadLetterRow } from '../../../shared/store/auditSource.ts';
import { createRedriveEffects } from './redriveEffects.ts';
import { dlqCommand } from './dlqCommand.ts';
import type { CountedLetters, SelectedLetters } from './selectLetters.ts';

/** So many payloads are read. What is selected beyond them is counted, and said to be not looked at. */
const LOOKED_AT_MAX = 10_000;
const READS_AT_ONCE = 40;
/** An order's ledger is read once: to tell whether its dead letter is open, and what a redrive changes. */
const ORDERS_KEPT_MAX = 4 * READS_AT_ONCE;
const FIRST_SHOWN = 3;
/** More kinds of error than that are one term, under the first of them. */
const TERMS_MAX = 12;

type Term = DryRun['terms'][number];
type FirstRow = DryRun['first'][number];

/**
 * Says exactly what a redrive of a selection would do, and sends nothing. Its terms add up to the selection.
 */
export const dryRun = async (
  store: OperationsStore,
  { filter, rows, counted }: SelectedLetters,
  { nowMs, signal }: { readonly nowMs: number; readonly signal: AbortSignal },
): Promise<DryRun> => {
  const terms = new Map<string, Term>();
  const first: FirstRow[] = [];
  const findIds = createLedgerIdsCache(store, ORDERS_KEPT_MAX);
  const effects = createRedriveEffects(findIds);
  let selected = 0;
  const add = ({ count, ...term }: Term): void => {
    const isOneTooMany = term.kind === 'invalid again' && terms.size >= TERMS_MAX;
    const key = `${term.kind} ${isOneTooMany ? '' : term.text}`;
    terms.set(key, { ...(terms.get(key) ?? term), count: (terms.get(key)?.count ?? 0) + count });
  };
  for await (const some of readAhead(chunks(rows({ findIds, signal }), { size: READS_AT_ONCE }))) {
    signal.throwIfAborted();
    if (selected >= LOOKED_AT_MAX) {
      // The list has counted the rest, and reading it would tell no more than that.
      const rest = notLookedAt(selected, counted);
      selected += rest.count;
      if (rest.count > 0) add(rest);
      break;
    }
    selected += some.length;
    const looks = await Promise.all(some.map((one) => lookAt(store, one, effects.add)));
    for (const { row, term, sent } of looks) {
      add({ ...term, place: formatPlace(row) });
      if (sent !== undefined && first.length < FIRST_SHOWN) first.push(sent);
    }
  }
  const sends = [...terms.values()].reduce((sum, { kind, count }) => sum + (kind === 'send' ? count : 0), 0);
  const order: readonly Term['kind'][] = ['send', 'invalid again', 'refused', 'not looked at'];
  return {
    atMs: nowMs,
    selected,
    terms: [...terms.values()].toSorted(
      (a, b) => order.indexOf(a.kind) - order.indexOf(b.kind) || b.count - a.count,
    ),
    sends,
    will: effects.say(),
    first,
    command: dlqCommand('redrive', filter, ['--skip-invalid', '--dry-run']),
  };
};

const notLookedAt = (selected: number, { count, isExact }: CountedLetters): Term => ({
  kind: 'not looked at',
  text: `behind the first ${LOOKED_AT_MAX.toLocaleString('en')}${isExact ? '' : ', and at most so many'}`,
  count: Math.max(0, count - selected),
  place: null,
});

const lookAt = async (
  store: OperationsStore,
  row: DeadLetterRow,
  onSend: (row: DeadLetterRow, plan: SendPlan) => Promise<void>,
): Promise<{ row: DeadLetterRow; term: Omit<Term, 'place'>; sent: FirstRow | undefined }> => {
  const plan = await planOf(store, row, { skipsInvalid: true });
  if (plan.kind === 'refuse') {
    const isInvalid = plan.why === INVALID_AGAIN;
    const kind = isInvalid ? 'invalid again' : 'refused';
    const text = isInvalid ? await problemOf(store, row) : plan.why;
    return { row, term: { kind, text, count: 1 }, sent: undefined };
  }
  await onSend(row, plan);
  const sent: FirstRow = {
    id: row.id,
    orderId: row.orderId?.toString() ?? null,
    publishedAtMs: row.publishedAtMs,
    redrives: plan.redrives,
    topic: plan.topic,
    bytes: plan.message.data.byteLength,
  };
  return { row, term: { kind: 'send', text: plan.topic, count: 1 }, sent };
};

/** What today's schema says, which may be something else than what the dead letter says. */
const problemOf = async (store: OperationsStore, row: DeadLetterRow): Promise<string> => {
  const topic = inputTopicOf(row.originTopic);
  if (topic === undefined) return INVALID_AGAIN;
  return errorKindOf(problemsOfBody(topic, await store.findPayload(row, row.reason)).join('; '));
};
