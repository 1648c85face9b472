/**
 * Gives the focus to the first link of the next or the previous row that has one, from the row with the focus
 * or else from the one that is open.
 * @param list the selector of the table. Default: the lists of the view.
 */
export const moveRow = (by: 1 | -1, list = 'main .rows'): void => {
  const rows = [...document.querySelectorAll(`${list} tbody tr:has(a)`)];
  const here = [':focus-within', '[aria-current]']
    .map((state) => rows.findIndex((row) => row.matches(state)))
    .find((index) => index >= 0);
  rows[Math.max(0, Math.min(rows.length - 1, (here ?? -1) + by))]?.querySelector('a')?.focus();
};
