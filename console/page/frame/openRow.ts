/** What does something by itself. The cell around a box is missed easily, and nobody wants to open there. */
const ACTS_ITSELF = 'a, button, input, label, td:has(input)';
/** Whoever selects a word clicks again within this time. */
const CLICKS_APART_MS = 250;

let opening: ReturnType<typeof setTimeout> | undefined;

/**
 * A click anywhere in a row of a list does what the row's first link does, unless it selects a text. A click
 * with a key held down would have to open another tab, so it does nothing.
 */
export const openRow = ({ target, detail, ctrlKey, metaKey, shiftKey }: MouseEvent): void => {
  clearTimeout(opening);
  if (detail > 1 || ctrlKey || metaKey || shiftKey) return;
  if (!(target instanceof Element) || target.closest(ACTS_ITSELF) !== null) return;
  const link = target.closest('.rows tbody tr')?.querySelector('a');
  opening = setTimeout(() => {
    if (getSelection()?.isCollapsed !== false) link?.click();
  }, CLICKS_APART_MS);
};
