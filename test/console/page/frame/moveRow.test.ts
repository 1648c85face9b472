import { expect, it } from 'vitest';
import { moveRow } from '../../../../console/page/frame/moveRow.ts';
import { fakeBrowser } from '../fakeBrowser.ts';

/** Three rows of two links each: which one has the focus, and which is open. */
const rowsOf = (state: { focused: number; open: number }) =>
  [0, 1, 2].map((index) => ({
    matches: (selector: string) => index === (selector === ':focus-within' ? state.focused : state.open),
    querySelector: () => ({ focus: () => void (state.focused = index) }),
  }));

it.each([
  ['to the next row, and not to the second link of this one', { focused: 0, open: -1 }, 1, 1],
  ['to the row before', { focused: 2, open: 0 }, -1, 1],
  ['from the row that is open, when none has the focus', { focused: -1, open: 1 }, 1, 2],
  ['to the first row, when there is neither', { focused: -1, open: -1 }, 1, 0],
  ['no further than the last row', { focused: 2, open: -1 }, 1, 2],
] as const)('moves %s', (_where, before, by, after) => {
  const state = { ...before } as { focused: number; open: number };
  const { document } = fakeBrowser(() => null);
  document.querySelectorAll = () => rowsOf(state);

  moveRow(by);

  expect(state.focused).toBe(after);
});
