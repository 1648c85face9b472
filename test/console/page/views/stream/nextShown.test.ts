import { describe, expect, it } from 'vitest';
import type { StreamRow } from '../../../../../console/contract.ts';
import {
  isHeldBack,
  nextShown,
  NOTHING_SHOWN,
  rowsOf,
  type Shown,
} from '../../../../../console/page/views/stream/nextShown.ts';
import { streamRow } from '../../../../support/console/streamRow.ts';

type News = Parameters<typeof nextShown>[1];

const rows = (...keys: readonly string[]): readonly StreamRow[] => keys.map((key) => streamRow(key));
const after = (...news: readonly Partial<News>[]): Shown =>
  news.reduce<Shown>(
    (shown, one) => nextShown(shown, { rows: [], open: undefined, marks: [], mayMove: true, ...one }),
    NOTHING_SHOWN,
  );
const keysOf = (shown: Shown): readonly string[] => rowsOf(shown).map(({ key }) => key);

describe('the rows of the stream', () => {
  it('are the newest, newest first, while they may move', () => {
    const shown = after({ rows: rows('b', 'a') }, { rows: rows('c', 'b', 'a') });

    expect([keysOf(shown), shown.waiting]).toEqual([['c', 'b', 'a'], 0]);
  });

  it('stand still while they may not move, and the others are counted, each once', () => {
    const shown = after(
      { rows: rows('b', 'a') },
      { rows: rows('c', 'b', 'a'), mayMove: false },
      { rows: rows('e', 'd', 'c', 'b', 'a'), mayMove: false },
    );

    expect([keysOf(shown), shown.waiting]).toEqual([['b', 'a'], 3]);
  });

  it('let the open message go to the top when they may move again, even when nothing new has come', () => {
    const open = streamRow('a');
    const held = { rows: rows('b', 'a'), open, mayMove: false };
    const shown = after({ rows: rows('b', 'a') }, held);

    expect([keysOf(shown), isHeldBack(shown, open)]).toEqual([['b', 'a'], true]);
    const moved = nextShown(shown, { ...held, marks: [], mayMove: true });
    expect([keysOf(moved), isHeldBack(moved, open), isHeldBack(moved, undefined)]).toEqual([
      ['a', 'b'],
      false,
      true,
    ]);
  });

  it('count what came and went again among the newest 200', () => {
    const shown = after(
      { rows: rows('a') },
      { rows: rows('c', 'b'), mayMove: false },
      { rows: rows('e', 'd'), mayMove: false },
    );

    expect(shown.waiting).toBe(4);
  });

  it('are counted and forgotten while they may not move, however many come', () => {
    const frames = Array.from({ length: 1_000 }, (_, frame) => ({
      rows: Array.from({ length: 200 }, (__, index) => streamRow(String(12 * frame - index))),
      marks: [{ atMs: frame, text: 'from here on, everything is listed' }],
      mayMove: false,
    }));

    const shown = after({ rows: rows('b', 'a') }, ...frames);

    expect([keysOf(shown), shown.waiting]).toEqual([['b', 'a'], 200 + 999 * 12]);
    expect(shown.known.size).toBeLessThanOrEqual(400);
    expect(shown.marks.length).toBeLessThanOrEqual(100);
  });

  it('get new values where they stand', () => {
    const acked = streamRow('b', { outcome: 'matched', tookMs: 40 });

    const shown = after(
      { rows: rows('b', 'a') },
      { rows: [streamRow('c'), acked, streamRow('a')], mayMove: false },
    );

    expect(rowsOf(shown)).toEqual([acked, streamRow('a')]);
  });

  it('keep the very object of a row that did not change, so that it is not drawn again', () => {
    const first = rows('b', 'a');

    const shown = after({ rows: first }, { rows: [streamRow('c'), ...first], mayMove: false });

    expect(rowsOf(shown)[0]).toBe(first[0]);
  });

  it('show all that waited when they may move again', () => {
    const shown = after(
      { rows: rows('a') },
      { rows: rows('c', 'b', 'a'), mayMove: false },
      { rows: rows('c', 'b', 'a') },
    );

    expect([keysOf(shown), shown.waiting]).toEqual([['c', 'b', 'a'], 0]);
  });

  it('are at most 200', () => {
    const many = Array.from({ length: 201 }, (_, index) => streamRow(String(index)));

    expect(keysOf(after({ rows: many, open: streamRow('open') }))).toHaveLength(200);
  });
});

describe('the open message', () => {
  it('is the first row, and nowhere else', () => {
    const all = rows('c', 'b', 'a');

    expect(keysOf(after({ rows: all, open: all[2] }))).toEqual(['a', 'c', 'b']);
  });

  it('stays first when newer rows push it out of the list', () => {
    expect(keysOf(after({ rows: rows('c', 'b'), open: streamRow('a') }))).toEqual(['a', 'c', 'b']);
  });

  it('stays in its place while somebody points at the rows', () => {
    const all = rows('c', 'b', 'a');

    expect(keysOf(after({ rows: all }, { rows: all, open: all[2], mayMove: false }))).toEqual([
      'c',
      'b',
      'a',
    ]);
  });

  it('comes on top at once when it is not among the rows, as from a link', () => {
    const all = rows('c', 'b');

    expect(keysOf(after({ rows: all }, { rows: all, open: streamRow('a'), mayMove: false }))).toEqual([
      'a',
      'c',
      'b',
    ]);
  });

  it('does not leave the first row under the focus when it is closed', () => {
    const all = rows('c', 'b', 'a');
    const opened = { rows: all, open: all[2] };

    expect(keysOf(after(opened, { rows: all, mayMove: false }))).toEqual(['a', 'c', 'b']);
    expect(keysOf(after(opened, { rows: all, mayMove: false }, { rows: all }))).toEqual(['c', 'b', 'a']);
  });

  it('gets its new values in the first row', () => {
    const acked = streamRow('a', { outcome: 'matched' });

    const shown = after(
      { rows: rows('b'), open: streamRow('a') },
      { rows: rows('b'), open: acked, mayMove: false },
    );

    expect(rowsOf(shown)[0]).toBe(acked);
  });
});

describe('a mark', () => {
  const mark = { atMs: 1, text: 'from here on, everything is listed' };

  it('stands above the row that was the newest when it happened', () => {
    const shown = after({ rows: rows('a') }, { rows: rows('b', 'a'), marks: [mark] });

    expect(shown.marks).toEqual([{ ...mark, above: 'a' }]);
  });

  it('waits with the rows below it while they may not move', () => {
    const held = { rows: rows('b', 'a'), mayMove: false };
    const shown = after({ rows: rows('a') }, held, { ...held, marks: [mark] });

    expect(shown.marks).toEqual([{ ...mark, above: 'b' }]);
    expect(keysOf(shown)).toEqual(['a']);
  });

  it('goes with its row', () => {
    const shown = after(
      { rows: rows('a') },
      { rows: rows('b', 'a'), marks: [mark] },
      { rows: rows('c', 'b') },
    );

    expect(shown.marks).toEqual([]);
  });
});
