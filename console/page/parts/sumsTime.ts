import type { Live } from '../view.ts';
import { format } from './format.ts';

/** Small tables are counted every two or three seconds. */
const FRESH_MS = 10_000;

interface SumsTime {
  /** Set while the numbers cannot be known now, such as `from 14:32:14`. */
  readonly from?: string;
  /** Set when messages have come since they were counted, a while ago, or nobody knows: `14:32:14`. */
  readonly at?: string;
}

/** How old the sums are, as their verdict says it. Neither is set for those of now. Pure. */
export const sumsTime = ({ state, frame, sums, sumsProblem }: Live): SumsTime => {
  if (sums === null || sums.passAtMs === null) return {};
  const time = format.time(sums.countedAtMs);
  if (state !== 'live' || sumsProblem !== null || sums.problem !== null) return { from: `from ${time}` };
  const isBehind =
    frame !== null && frame.versions.tables !== sums.version && frame.atMs - sums.countedAtMs > FRESH_MS;
  return isBehind ? { at: time } : {};
};

/** The same for a number that has no verdict: `from 14:32:14`, or undefined for those of now. Pure. */
export const sumsFrom = (live: Live): string | undefined => {
  const { from, at } = sumsTime(live);
  return from ?? (at === undefined ? undefined : `from ${at}`);
};
