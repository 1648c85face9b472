import type { Figures, Frame, History } from '../contract.ts';
import type { Feed, FeedFrame } from '../feed/feed.ts';
import { QUIET_FRAME } from '../feed/quietFeed.ts';
import type { CloudFigures } from './readCloudFigures.ts';
import { createPoll } from './createPoll.ts';

/** An hour of minutes. */
const POINTS_MAX = 60;
const STEP_MS = 60_000;

interface CloudFeedOptions {
  /** Asks for all figures once. */
  readonly readFigures: (nowMs: number) => Promise<CloudFigures>;
  /** Changes when the sums may have changed: then the page asks for them. */
  readonly sumsVersion: () => number;
  readonly clock: () => number;
  readonly everyMs?: number;
}

/**
 * The feed of an environment of Google Cloud: what Cloud Monitoring counts, each minute, some minutes late.
 * No single message is seen, so nothing is listed. What Monitoring does not know is null, and never 0.
 */
export const createCloudFeed = ({
  readFigures,
  sumsVersion,
  clock,
  everyMs,
}: CloudFeedOptions): Feed & { readonly stop: () => Promise<void> } => {
  let last: CloudFigures | undefined;
  let failedSinceMs: number | null = null;
  const points: History['points'][number][] = [];

  const poll = createPoll({
    clock,
    ...(everyMs === undefined ? {} : { everyMs }),
    work: async () => {
      try {
        last = await readFigures(clock());
        failedSinceMs = null;
        const { figures, newestAtMs } = last;
        // Nothing may have come since the last point.
        if (newestAtMs !== null && newestAtMs > (points.at(-1)?.atMs ?? 0)) {
          points.push(toPoint(figures, newestAtMs));
        }
        if (points.length > POINTS_MAX) points.shift();
      } catch (error) {
        failedSinceMs ??= clock();
        throw error;
      }
    },
  });

  const frame = (): FeedFrame => {
    poll.wanted();
    const nowMs = clock();
    const problem = poll.problem();
    return {
      ...QUIET_FRAME,
      atMs: nowMs,
      ...(last === undefined ? {} : { figures: last.figures, edges: last.edges }),
      notices: problem === null ? [] : [{ kind: 'rates', sinceMs: failedSinceMs ?? nowMs, text: problem }],
      versions: { ...QUIET_FRAME.versions, sums: sumsVersion() },
      source: sourceOf(last, nowMs),
    };
  };

  return {
    open: () => ({ next: frame, close: () => {} }),
    messageOf: () => undefined,
    history: (sinceMs) => ({
      stepMs: STEP_MS,
      points: points.filter(({ atMs }) => atMs > sinceMs),
      outages: [],
    }),
    stop: poll.stop,
  };
};

const sourceOf = (last: CloudFigures | undefined, nowMs: number): Frame['source'] => {
  if (last === undefined) return { name: 'Cloud Monitoring, which has not answered yet', ageMs: null };
  if (last.oldestAtMs === null) return { name: 'Cloud Monitoring, which has none', ageMs: null };
  return { name: 'Cloud Monitoring', ageMs: nowMs - last.oldestAtMs };
};

const toPoint = ({ published, acked }: Figures, atMs: number): History['points'][number] => ({
  atMs,
  published: published.perSecond,
  acked: acked.perSecond,
  p50: null,
  p95: null,
  p99: null,
});
