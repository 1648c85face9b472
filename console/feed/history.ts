import type { History } from '../contract.ts';
import type { Percentiles } from './latencies.ts';

const STEP_MS = 2_000;
/** Five minutes. */
const POINTS_MAX = 150;

type Point = History['points'][number];

interface Sample {
  /** Since the start; null when nobody knows. */
  readonly published: number | null;
  readonly acked: number;
  /** Of the last step. */
  readonly took: Percentiles | undefined;
}

/** Makes a point of the charts each 2 s, whether somebody looks or not. */
interface HistoryRecorder {
  /** Called at least once in 2 s. Where it was not, such as in a process that was stopped, there is a gap. */
  readonly tick: (nowMs: number, sample: () => Sample) => void;
  readonly since: (sinceMs: number) => readonly Point[];
}

export const createHistory = (): HistoryRecorder => {
  const points: Point[] = [];
  let last: { readonly atMs: number; readonly sample: Sample } | undefined;
  return {
    tick: (nowMs, sample) => {
      const atMs = Math.floor(nowMs / STEP_MS) * STEP_MS;
      if (last !== undefined && atMs <= last.atMs) return;
      const now = sample();
      const seconds = last === undefined ? 0 : (atMs - last.atMs) / 1_000;
      if (last !== undefined && seconds <= (2 * STEP_MS) / 1_000) {
        const { published, acked } = last.sample;
        points.push({
          atMs,
          published:
            now.published === null || published === null ? null : (now.published - published) / seconds,
          acked: (now.acked - acked) / seconds,
          p50: now.took?.p50 ?? null,
          p95: now.took?.p95 ?? null,
          p99: now.took?.p99 ?? null,
        });
      }
      last = { atMs, sample: now };
      if (points.length > POINTS_MAX) points.shift();
    },
    since: (sinceMs) => points.filter(({ atMs }) => atMs > sinceMs),
  };
};

export { STEP_MS as HISTORY_STEP_MS };
