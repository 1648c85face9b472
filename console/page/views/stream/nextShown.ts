import type { StreamRow } from '../../../contract.ts';

/** More rows would cost the browser more than they tell a person. */
const ROWS_MAX = 200;
/** Of more, the oldest are forgotten. */
const MARKS_MAX = 100;

/** Something that happened between two rows, such as a change of the sampling. */
export interface RowMark {
  readonly atMs: number;
  readonly text: string;
  /** The row that was the newest when it happened. Without any row, nothing is marked. */
  readonly above: string;
}

/** What the list shows, and what it holds back. */
export interface Shown {
  readonly rows: readonly StreamRow[];
  /** The open message, in the first row. */
  readonly pinned: StreamRow | undefined;
  /** Newest first. Above a row that is held back, they are held back, too. */
  readonly marks: readonly RowMark[];
  /** Rows that came and are not shown, because rows must not move. One that left and came back is two. */
  readonly waiting: number;
  /** The keys of the rows that the page had last, newest first, and of those that are shown. */
  readonly known: ReadonlySet<string>;
}

export const NOTHING_SHOWN: Shown = {
  rows: [],
  pinned: undefined,
  marks: [],
  waiting: 0,
  known: new Set(),
};

interface News {
  /** All rows that the page has, newest first. */
  readonly rows: readonly StreamRow[];
  /** The message whose drawer is open, as far as it is known. */
  readonly open: StreamRow | undefined;
  /** What happened since the last time. */
  readonly marks: readonly Omit<RowMark, 'above'>[];
  /** Nobody points at a row, has the focus in one, or has scrolled away from the newest. */
  readonly mayMove: boolean;
}

/**
 * What the list shows next. While rows may not move, those that are shown get their new values where they
 * stand, and the others are counted. Pure.
 */
export const nextShown = (shown: Shown, { rows, open, marks, mayMove }: News): Shown => {
  const [above] = shown.known;
  const newMarks = above === undefined ? [] : marks.map((mark) => ({ ...mark, above })).toReversed();
  const known = new Set([...rows, ...(mayMove ? [] : shown.rows)].map(({ key }) => key));
  const keptMarks = [...newMarks, ...shown.marks].filter((mark) => known.has(mark.above)).slice(0, MARKS_MAX);
  if (mayMove) {
    return { rows: rows.slice(0, ROWS_MAX), pinned: open, marks: keptMarks, waiting: 0, known };
  }
  const byKey = new Map(rows.map((row) => [row.key, row]));
  const newer = (row: StreamRow): StreamRow => byKey.get(row.key) ?? row;
  const isInPlace = open === undefined || shown.rows.some(({ key }) => key === open.key);
  const pinned = isInPlace ? shown.pinned : open;
  return {
    rows: shown.rows.map(newer),
    pinned: pinned === undefined ? undefined : pinned.key === open?.key ? open : newer(pinned),
    marks: keptMarks,
    waiting: shown.waiting + rows.filter(({ key }) => !shown.known.has(key)).length,
    known,
  };
};

/** Whether the list would look otherwise if its rows could move: new rows wait, or the pinned one does. */
export const isHeldBack = ({ waiting, pinned }: Shown, open: StreamRow | undefined): boolean =>
  waiting > 0 || pinned?.key !== open?.key;

/** The rows from top to bottom: the pinned one first, and nowhere else. */
export const rowsOf = ({ rows, pinned }: Shown): readonly StreamRow[] =>
  pinned === undefined ? rows : [pinned, ...rows.filter(({ key }) => key !== pinned.key)].slice(0, ROWS_MAX);
