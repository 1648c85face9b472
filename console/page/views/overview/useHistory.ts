import { useEffect, useState } from 'preact/hooks';
import type { History } from '../../../contract.ts';
import { get } from '../../api.ts';

/** Five minutes. */
export const HISTORY_MS = 300_000;

const NOTHING: History = { stepMs: 2_000, points: [], outages: [] };

/**
 * The last five minutes, kept up to date while frames come. It asks only for the points that it lacks.
 * @param isLive false: the last answer stays.
 */
export const useHistory = (isLive: boolean): History => {
  const [history, setHistory] = useState(NOTHING);
  useEffect(() => {
    if (!isLive) return undefined;
    const aborter = new AbortController();
    let last = 0;
    const ask = async (): Promise<void> => {
      const more = await get<History>(`/api/history?since=${last}`, aborter.signal);
      const isFirst = last === 0;
      last = more.points.at(-1)?.atMs ?? last;
      setHistory((old) => {
        const points = [...(isFirst ? [] : old.points), ...more.points];
        const from = last - HISTORY_MS;
        // The outages are asked for with the points, so older ones are kept from before.
        const older = old.outages.filter(
          (one) => (one.toMs ?? 0) > from && !more.outages.some(({ fromMs }) => fromMs === one.fromMs),
        );
        return {
          ...more,
          points: points.filter(({ atMs }) => atMs > from),
          outages: [...(isFirst ? [] : older), ...more.outages],
        };
      });
    };
    // The frame says when the server does not answer. The charts go on when it answers again.
    const askQuietly = (): void => void ask().catch(() => {});
    askQuietly();
    const timer = setInterval(askQuietly, NOTHING.stepMs);
    return () => {
      clearInterval(timer);
      aborter.abort();
    };
  }, [isLive]);
  return history;
};
