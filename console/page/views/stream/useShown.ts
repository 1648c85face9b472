import { useRef } from 'preact/hooks';
import type { Sampling, StreamRow } from '../../../contract.ts';
import { format } from '../../parts/format.ts';
import type { Gap, Live } from '../../view.ts';
import { samplingChange } from './samplingSentence.ts';
import { isHeldBack, nextShown, NOTHING_SHOWN, type Shown } from './nextShown.ts';

interface Memory {
  readonly shown: Shown;
  readonly rows: readonly StreamRow[] | undefined;
  readonly open: StreamRow | undefined;
  readonly sampling: Sampling | undefined;
  readonly gap: Gap | null;
}

/**
 * What the list shows now, and a way to let it move once, whatever the pointer does.
 * @param open the row of the open message, as far as it is known.
 */
export const useShown = (
  live: Live,
  open: StreamRow | undefined,
  isFree: () => boolean,
): { readonly shown: Shown; readonly showNew: () => void } => {
  const memory = useRef<Memory>({
    shown: NOTHING_SHOWN,
    rows: undefined,
    open: undefined,
    sampling: live.frame?.sampling,
    gap: live.gap,
  });
  const advance = (mayMove: boolean): void => {
    const { shown, sampling, gap } = memory.current;
    const { rows, frame } = live;
    memory.current = {
      shown: nextShown(shown, {
        rows,
        open,
        marks: marksOf(live, { sampling, gap }),
        mayMove,
      }),
      rows,
      open,
      sampling: frame?.sampling ?? sampling,
      gap: live.gap,
    };
  };
  const { shown, rows, open: lastOpen } = memory.current;
  const mayMove = shown.rows.length === 0 || isFree();
  const isNew = live.rows !== rows || open !== lastOpen || (mayMove && isHeldBack(shown, open));
  if (isNew || marksOf(live, memory.current).length > 0) advance(mayMove);
  return { shown: memory.current.shown, showNew: () => advance(true) };
};

const marksOf = (
  { frame, gap }: Live,
  before: Pick<Memory, 'sampling' | 'gap'>,
): readonly { readonly atMs: number; readonly text: string }[] => {
  const [is, was] = [frame?.sampling, before.sampling];
  const hasChanged =
    is !== undefined && was !== undefined && (is.calm !== was.calm || is.others !== was.others);
  return [
    ...(gap !== null && gap !== before.gap ? [{ atMs: gap.toMs, text: sayGap(gap) }] : []),
    ...(hasChanged ? [{ atMs: frame?.atMs ?? 0, text: samplingChange(is) }] : []),
  ];
};

const sayGap = ({ fromMs, toMs, published }: Gap): string => {
  const what = published === null ? 'what came is' : `${format.count(published)} messages are`;
  return `not live for ${format.age(toMs - fromMs)}: ${what} counted, not listed`;
};
