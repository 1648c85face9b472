import type { LetterPage, LetterRow } from '../../../deadLetterContract.ts';
import { useKey } from '../../frame/keys.ts';
import { moveRow } from '../../frame/moveRow.ts';
import { goTo } from '../../frame/route.ts';
import { useFocusBack } from '../../parts/useFocusBack.ts';
import { type DeadLetterRoute, hrefOf } from './deadLetterRoute.ts';
import { selectAll, type Selection, toggle } from './selection.ts';

interface LetterKeysOptions {
  readonly route: DeadLetterRoute;
  readonly page: LetterPage | null;
  readonly rows: readonly LetterRow[];
  readonly selection: Selection;
  readonly setSelection: (selection: Selection) => void;
}

/** The keys of this view. None of them sends or discards: they open what does. */
export const useLetterKeys = ({ route, page, rows, selection, setSelection }: LetterKeysOptions): void => {
  /** The row with the focus, or else the letter that is open. */
  const focused = (): string =>
    document.activeElement?.closest<HTMLElement>('[data-place]')?.dataset.place ?? route.letter;
  useKey('j', () => moveRow(1, '#letters'));
  useKey('k', () => moveRow(-1, '#letters'));
  useKey('x', () => {
    if (focused() !== '') setSelection(toggle(selection, focused(), rows));
  });
  useKey('Shift x', () => {
    if (page !== null) setSelection(selectAll(route.filter, page));
  });
  /** As the buttons that name the keys: for the letter that is open, else for what is selected. */
  const open = (at: 'edit' | 'dry-run' | 'discard') => (): void => {
    const isOfSelection = at !== 'edit' && selection.by !== 'none';
    const letter = route.letter === '' && !isOfSelection ? focused() : route.letter;
    if (letter !== '' || isOfSelection) goTo(hrefOf({ ...route, at, letter }));
  };
  useKey('e', open('edit'));
  useKey('r', open('dry-run'));
  useKey('d', open('discard'));
  useKey('Escape', () => goTo(hrefOf({ ...route, at: 'list', letter: '' })));
  useFocusBack(
    route.at === 'list' ? undefined : route.letter,
    (place) => `#letters [data-place="${place}"] a`,
  );
};
