import type { LetterPage, LetterRow } from '../../../deadLetterContract.ts';
import { useKey } from '../../frame/keys.ts';
import { goTo } from '../../frame/route.ts';
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
  const focused = (): string =>
    document.activeElement?.closest<HTMLElement>('[data-place]')?.dataset.place ?? route.letter;
  const move = (by: 1 | -1): void => {
    const links = [...document.querySelectorAll<HTMLAnchorElement>('#letters tbody a')];
    const here = links.findIndex((link) => link.closest('tr')?.dataset.place === focused());
    links[Math.max(0, Math.min(links.length - 1, here + by))]?.focus();
  };
  useKey('j', () => move(1));
  useKey('k', () => move(-1));
  useKey('x', () => {
    if (focused() !== '') setSelection(toggle(selection, focused(), rows));
  });
  useKey('Shift x', () => {
    if (page !== null) setSelection(selectAll(route.filter, page));
  });
  useKey('e', () => {
    if (focused() !== '') goTo(hrefOf({ ...route, at: 'edit', letter: focused() }));
  });
  const act = (at: 'dry-run' | 'discard') => (): void => {
    if (selection.by !== 'none' || focused() !== '') goTo(hrefOf({ ...route, at, letter: focused() }));
  };
  useKey('r', act('dry-run'));
  useKey('d', act('discard'));
  useKey('Escape', () => {
    const place = route.letter;
    goTo(hrefOf({ ...route, at: 'list', letter: '' }));
    document.querySelector<HTMLAnchorElement>(`#letters [data-place="${CSS.escape(place)}"] a`)?.focus();
  });
};
