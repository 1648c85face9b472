import type { Frame, History } from '../contract.ts';
import type { Feed } from '../feed/feed.ts';
import { QUIET_FRAME } from '../feed/quietFeed.ts';
import type { CloudFigures } from './readCloudFigures.ts';
import { createPoll } from './createPoll.ts';

/** An hour of minutes. */
const POINTS_MAX = 60;
const STEP_MS = 60_000;

interface CloudFeedOptions {
  /** Asks for all figures once. */
  readonly readFigures: (nowMs: number) => Promise<CloudFigures>;
  readonly clock: () => number;
  readonly everyMs?: number;
}

/**
 * The feed of an environment of Google Cloud: what Cloud Monitoring counts, each minute, some minutes late.
 * No single message is seen, so nothing is listed. What Monitoring does not know is null, and never 0.
 */
export const createCloudFeed = ({
  readFigures,
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
        points.push(toPoint(last, clock()));
        if (points.length > POINTS_MAX) points.shift();
      } catch (error) {
        failedSinceMs ??= clock();
        throw error;
      }
    },
  });

  const frame = (): Frame => {
    poll.wanted();
    const nowMs = clock();
    const problem = poll.problem();
    return {
      ...QUIET_FRAME,
      atMs: nowMs,
      ...(last === undefined ? {} : { figures: last.figures, edges: last.edges }),
      notices: problem === null ? [] : [{ kind: 'rates', sinceMs: failedSinceMs ?? nowMs, text: problem }],
      source: {
        name: last === undefined ? 'Cloud Monitoring, which has not answered yet' : 'Cloud Monitoring',
        ageMs: last === undefined ? 0 : nowMs - last.newestAtMs,
      },
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

const toPoint = ({ figures, newestAtMs }: CloudFigures, nowMs: number): History['points'][number] => ({
  atMs: Math.min(newestAtMs, nowMs),
  published: figures.published.perSecond,
  acked: figures.acked.perSecond,
  p50: null,
  p95: null,
  p99: null,
});
