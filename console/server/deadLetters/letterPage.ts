import type { LetterFilter, LetterPage, LetterRow } from '../../deadLetterContract.ts';
import { createRowMatcher, describeFilter } from '../../../shared/operations/deadLetterFilter.ts';
import { dlqCommand } from './dlqCommand.ts';
import { groupLetters } from './groupLetters.ts';
import type { LetterIndex, LetterSnapshot } from './letterIndex.ts';
import { readLetterFilter, toDeadLetterFilter } from './toDeadLetterFilter.ts';
import type { IndexedLetter } from './toLetter.ts';

const PAGE_ROWS = 50;
const VALUES_SHOWN_MAX = 3;
/** To fill one page, so many letters are looked at, in slices. What nobody has looked at then is said. */
const LOOKED_AT_MAX = 1_024;
const SLICE = 64;

interface PageOptions {
  readonly nowMs: number;
  readonly sort: 'oldest' | 'newest';
  /** From 1. */
  readonly page: number;
  /** Nobody waits for the page any more. */
  readonly signal: AbortSignal;
}

/**
 * Groups, and one page of the dead letters that fit a filter, whose states are looked up now. Where the
 * filter asks for a state, only so many are looked at as it takes to fill the page.
 */
export const letterPage = async (
  index: LetterIndex,
  snapshot: LetterSnapshot,
  spec: LetterFilter,
  { nowMs, sort, page, signal }: PageOptions,
): Promise<Omit<LetterPage, 'expired'>> => {
  const { filter, text, other } = readLetterFilter(spec, { snapshot, atMs: nowMs });
  // Digits that find nothing are an order: its payments may wait without a letter.
  const isNowhere = /^\d+$/.test(text) && filter.orderId !== undefined;
  const isInAnyGroup = createRowMatcher({ ...filter, reasons: [], kind: undefined });
  const inGroups = snapshot.letters.filter(isInAnyGroup);
  const candidates = inGroups.filter(
    ({ reason, kind }) =>
      (spec.reason === '' || spec.reason === reason) && (spec.kind === '' || spec.kind === kind),
  );
  if (sort === 'oldest') candidates.reverse();
  const fits = ({ isOpen }: IndexedLetter): boolean =>
    filter.state === undefined || isOpen === (filter.state === 'open');
  if (filter.state !== undefined) {
    await fillPage(index, candidates, { fits, wanted: page * PAGE_ROWS, signal });
  }
  const fitting = candidates.filter(fits);
  // Of the same moment, because others are looked at meanwhile.
  const notLookedAt =
    filter.state === undefined ? 0 : candidates.filter(({ isOpen }) => isOpen === undefined).length;
  const pages = Math.max(1, Math.ceil(fitting.length / PAGE_ROWS));
  const shown = fitting.slice((Math.min(page, pages) - 1) * PAGE_ROWS).slice(0, PAGE_ROWS);
  await index.lookAt(shown);
  return {
    countedAtMs: snapshot.countedAtMs,
    reading: index.reading(),
    problem: index.problem(),
    all: snapshot.all,
    ...openOf(snapshot),
    listed: snapshot.letters.length,
    groups: groupLetters(inGroups),
    said: `${describeFilter({ ...filter, sinceMs: undefined, untilMs: undefined })}${isNowhere ? `, and no payment and no error has ${text}` : ''}`,
    text,
    other,
    fits: fitting.length,
    notLookedAt,
    values: valuesOf(fitting),
    rows: shown.map(toLetterRow),
    page: Math.min(page, pages),
    pages,
    atMs: nowMs,
    command: dlqCommand('ls', filter),
    discard: dlqCommand(
      'discard',
      toDeadLetterFilter({ ...spec, text }, { snapshot, atMs: nowMs, isDiscard: true }),
    ),
  };
};

interface FillOptions {
  readonly fits: (letter: IndexedLetter) => boolean;
  readonly wanted: number;
  readonly signal: AbortSignal;
}

/** Looks at letters in the order of the list, until so many of them fit as the page needs. */
const fillPage = async (
  index: LetterIndex,
  letters: readonly IndexedLetter[],
  { fits, wanted, signal }: FillOptions,
): Promise<void> => {
  let [found, looked] = [0, 0];
  for (let first = 0; first < letters.length && found < wanted && looked < LOOKED_AT_MAX; first += SLICE) {
    signal.throwIfAborted();
    const some = letters.slice(first, first + SLICE);
    const unknown = some.filter(({ isOpen }) => isOpen === undefined);
    await index.lookAt(unknown);
    looked += unknown.length;
    found += some.filter(fits).length;
  }
};

/** Of so many, the states are known, and since when. `open` is null while some are not known. */
const openOf = ({ letters }: LetterSnapshot): Pick<LetterPage, 'open' | 'lookedAt' | 'lookedSinceMs'> => {
  let [open, lookedAt, sinceMs] = [0, 0, Infinity];
  for (const { isOpen, lookedAtMs } of letters) {
    if (isOpen === undefined) continue;
    lookedAt += 1;
    if (isOpen) open += 1;
    sinceMs = Math.min(sinceMs, lookedAtMs);
  }
  return {
    open: lookedAt < letters.length ? null : open,
    lookedAt,
    lookedSinceMs: sinceMs === Infinity ? null : sinceMs,
  };
};

export const toLetterRow = (letter: IndexedLetter): LetterRow => ({
  place: letter.place,
  id: letter.id,
  reason: letter.reason,
  topic: letter.originTopic,
  orderId: letter.orderId?.toString() ?? null,
  paymentId: letter.paymentId?.toString() ?? null,
  error: letter.error,
  values: letter.values,
  publishedAtMs: letter.publishedAtMs,
  redriveCount: letter.redriveCount,
  isCut: letter.isCut,
  isOpen: letter.isOpen !== false,
});

const valuesOf = (letters: readonly IndexedLetter[]): LetterPage['values'] => {
  const counts = new Map<string, number>();
  for (const { error, values } of letters) {
    if (values !== error) counts.set(values, (counts.get(values) ?? 0) + 1);
  }
  return [...counts]
    .map(([text, count]) => ({ text, count }))
    .toSorted((a, b) => b.count - a.count)
    .slice(0, VALUES_SHOWN_MAX);
};
