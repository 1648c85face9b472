import type { LetterFilter, LetterGroup, LetterPage, LetterRow } from '../../deadLetterContract.ts';
import { DEAD_LETTER_REASONS } from '../../../shared/domain/deadLetter.ts';
import { createRowMatcher, describeFilter } from '../../../shared/operations/deadLetterFilter.ts';
import { dlqCommand } from './dlqCommand.ts';
import { toDeadLetterFilter } from './toDeadLetterFilter.ts';
import type { IndexedLetter, LetterIndex, LetterSnapshot } from './letterIndex.ts';

const PAGE_ROWS = 50;
/** More kinds of error with one reason than anybody reads. The others count for their reason only. */
const KINDS_MAX = 50;
const VALUES_SHOWN_MAX = 3;

interface PageOptions {
  readonly nowMs: number;
  readonly sort: 'oldest' | 'newest';
  /** From 1. */
  readonly page: number;
}

/** Groups, and one page of the dead letters that fit a filter, whose states are looked up now. */
export const letterPage = async (
  index: LetterIndex,
  snapshot: LetterSnapshot,
  spec: LetterFilter,
  { nowMs, sort, page }: PageOptions,
): Promise<LetterPage> => {
  const filter = toDeadLetterFilter(spec, { snapshot, atMs: nowMs });
  const isInAnyGroup = createRowMatcher({ ...filter, reasons: [], kind: undefined });
  const inGroups = snapshot.letters.filter(({ row }) => isInAnyGroup(row));
  const fitting = inGroups.filter(
    ({ row, kind, isOpen }) =>
      (spec.reason === '' || spec.reason === row.reason) &&
      (spec.kind === '' || spec.kind === kind) &&
      (filter.state === undefined || isOpen === undefined || isOpen === (filter.state === 'open')),
  );
  const sorted = sort === 'newest' ? fitting : fitting.toReversed();
  const pages = Math.max(1, Math.ceil(sorted.length / PAGE_ROWS));
  const shown = sorted.slice((Math.min(page, pages) - 1) * PAGE_ROWS).slice(0, PAGE_ROWS);
  await index.lookAt(shown);
  return {
    countedAtMs: snapshot.countedAtMs,
    reading: index.reading(),
    problem: index.problem(),
    all: snapshot.all,
    open: snapshot.hasStates ? countOpen(snapshot.letters) : null,
    listed: snapshot.letters.length,
    groups: groupsOf(inGroups, snapshot.hasStates),
    said: describeFilter({ ...filter, sinceMs: undefined, untilMs: undefined }),
    fits: sorted.length,
    values: valuesOf(sorted),
    rows: shown.map(toLetterRow),
    page: Math.min(page, pages),
    pages,
    atMs: nowMs,
    command: dlqCommand('ls', filter),
  };
};

export const toLetterRow = ({ row, place, values, isOpen }: IndexedLetter): LetterRow => ({
  place,
  id: row.id,
  reason: row.reason,
  topic: row.originTopic,
  orderId: row.orderId?.toString() ?? null,
  paymentId: row.paymentId?.toString() ?? null,
  error: row.error,
  values,
  publishedAtMs: row.publishedAtMs,
  redriveCount: row.redriveCount,
  isCut: row.payloadSha256 !== undefined,
  isOpen: isOpen !== false,
});

const countOpen = (letters: readonly IndexedLetter[]): number =>
  letters.reduce((sum, { isOpen }) => sum + (isOpen === true ? 1 : 0), 0);

/** In the order of the reasons, and below each its kinds of error, the most frequent first. */
const groupsOf = (letters: readonly IndexedLetter[], hasStates: boolean): readonly LetterGroup[] => {
  const byReason = Map.groupBy(letters, ({ row }) => row.reason);
  return DEAD_LETTER_REASONS.flatMap((reason) => {
    const ofReason = byReason.get(reason);
    if (ofReason === undefined) return [];
    const group = (kind: string | null, some: readonly IndexedLetter[]): LetterGroup => ({
      reason,
      kind,
      open: hasStates ? countOpen(some) : null,
      all: some.length,
      oldestMs: oldestOf(hasStates ? some.filter(({ isOpen }) => isOpen === true) : some),
    });
    const kinds = [...Map.groupBy(ofReason, ({ kind }) => kind)]
      .map(([kind, some]) => group(kind, some))
      .toSorted((a, b) => (b.open ?? 0) - (a.open ?? 0) || b.all - a.all)
      .slice(0, KINDS_MAX);
    return [group(null, ofReason), ...kinds];
  });
};

const oldestOf = (letters: readonly IndexedLetter[]): number | null =>
  letters.reduce<number | null>(
    (oldest, { row }) => Math.min(oldest ?? row.publishedAtMs, row.publishedAtMs),
    null,
  );

const valuesOf = (letters: readonly IndexedLetter[]): LetterPage['values'] => {
  const counts = new Map<string, number>();
  for (const { row, values } of letters) {
    if (values !== row.error) counts.set(values, (counts.get(values) ?? 0) + 1);
  }
  return [...counts]
    .map(([text, count]) => ({ text, count }))
    .toSorted((a, b) => b.count - a.count)
    .slice(0, VALUES_SHOWN_MAX);
};
