import { CLICKS_APART_MS } from './clicksApartMs.ts';

/** What does something by itself. The cell around a box is missed easily, and nobody wants to open there. */
const ACTS_ITSELF = 'a, button, input, label, td:has(input)';

let opening: ReturnType<typeof setTimeout> | undefined;

/**
 * A click anywhere in a row of a list does what the row's first link does, unless it selects a text. A click
 * with a key held down would have to open another tab, so it does nothing.
 */
export const openClickedRow = ({ target, detail, ctrlKey, metaKey, shiftKey }: MouseEvent): void => {
  clearTimeout(opening);
  if (detail > 1 || ctrlKey || metaKey || shiftKey) return;
  if (!(target instanceof Element) || target.closest(ACTS_ITSELF) !== null) return;
  const link = target.closest('.rows tbody tr')?.querySelector('a');
  opening = setTimeout(() => {
    if (getSelection()?.isCollapsed !== false) link?.click();
  }, CLICKS_APART_MS);
};
