import { useEffect, useRef } from 'preact/hooks';
import type { Live, PageActions } from '../view.ts';

/** Tells a screen reader when the page is no longer live, and when Cassandra is away; and of the way back. */
export const useNews = ({ state, frame }: Live, announce: PageActions['announce']): void => {
  const isLost = state === 'lost';
  const isAway = frame?.notices.some(({ kind }) => kind === 'cassandra') ?? false;
  useOnChange(isLost, () =>
    announce(isLost ? 'Not live. The console server does not answer.' : 'Live again.'),
  );
  useOnChange(isAway, () => announce(isAway ? 'Cassandra does not answer.' : 'Cassandra answers again.'));
};

const useOnChange = (value: boolean, act: () => void): void => {
  const last = useRef(value);
  useEffect(() => {
    if (last.current === value) return;
    last.current = value;
    act();
  }, [value]);
};
