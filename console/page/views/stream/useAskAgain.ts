import { useEffect } from 'preact/hooks';
import type { Fetched } from '../../parts/useFetched.ts';
import { useTick } from '../../parts/useTick.ts';

const ASK_EVERY_MS = 2_000;

/**
 * Asks every two seconds, as long as the answer may change. The rows do not tell: they may be paused, and a
 * filter or the sampling may leave out what has changed.
 */
export const useAskAgain = ({ again }: Pick<Fetched<unknown>, 'again'>, mayBeOther: boolean): void => {
  const tick = useTick(ASK_EVERY_MS);
  useEffect(() => {
    if (mayBeOther) again();
  }, [tick]);
};
