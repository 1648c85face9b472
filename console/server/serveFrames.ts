import type { ServerResponse } from 'node:http';
import * as z from 'zod';
import { errorFields } from '../../shared/telemetry/errorFields.ts';
import { INPUT_TOPICS } from '../../shared/topology.ts';
import type { Frame, Notice, StreamFilter } from '../contract.ts';
import type { Feed } from '../feed/feed.ts';
import { SECURITY_HEADERS } from './securityHeaders.ts';
import { sendRefusal } from './sendJson.ts';

const FRAME_MS = 250;
/** Each costs a share of every message that comes. A tab that is hidden has none. */
const READERS_MAX = 32;
/** A client that takes nothing for so long is gone, even if its connection is not. */
const STALLED_MS = 60_000;
const FILTER_CHARACTERS_MAX = 200;
const FILTER_OUTCOMES_MAX = 16;

const filterSchema = z.object({
  text: z.string().max(FILTER_CHARACTERS_MAX),
  topic: z.enum(['', ...INPUT_TOPICS]),
  outcomes: z.array(z.string().regex(/^[a-z_ ]{1,20}$/)).max(FILTER_OUTCOMES_MAX),
});

interface FrameOptions {
  readonly feed: Feed;
  /** Which start of a server this is. */
  readonly startedAtMs: number;
  /** What is broken on purpose, which the feed does not know. Default: nothing. */
  readonly notices?: () => readonly Notice[];
  readonly onBug: (fields: Record<string, unknown>) => void;
}

/**
 * Sends a frame every 250 ms, as server-sent events, until the client goes away. A frame that cannot be sent
 * is skipped, and what is in it comes with the next one. More readers than 32 are refused.
 */
export const serveFrames = ({
  feed,
  startedAtMs,
  notices = () => [],
  onBug,
}: FrameOptions): ((query: URLSearchParams, response: ServerResponse) => void) => {
  let readers = 0;
  return (query, response) => {
    const filter = filterSchema.safeParse(pick(query));
    if (!filter.success) return sendRefusal(response, 400, z.prettifyError(filter.error));
    if (readers >= READERS_MAX) {
      return sendRefusal(response, 503, `expected at most ${READERS_MAX} pages at a time: close some`);
    }
    readers += 1;
    const reader = feed.open(filter.data);
    let sentAtMs = performance.now();
    response.writeHead(200, { ...SECURITY_HEADERS, 'Content-Type': 'text/event-stream' });
    const send = (): void => {
      if (response.writableNeedDrain) {
        if (performance.now() - sentAtMs > STALLED_MS) response.destroy();
        return;
      }
      sentAtMs = performance.now();
      try {
        const frame = reader.next();
        const all: Frame = { ...frame, startedAtMs, notices: mergeNotices(notices(), frame.notices) };
        response.write(`event: frame\ndata: ${JSON.stringify(all)}\n\n`);
      } catch (error) {
        // The page says that it is not live, and asks again. Everything else goes on.
        onBug(errorFields(error));
        response.destroy();
      }
    };
    const timer = setInterval(send, FRAME_MS);
    response.once('close', () => {
      clearInterval(timer);
      reader.close();
      readers -= 1;
    });
    send();
  };
};

/** The worst is 0. */
const RANK: Readonly<Record<Notice['kind'], number>> = { cassandra: 0, rates: 1, faults: 2, memory: 3 };

/** What was done on purpose says more than what the feed sees of it. The worst comes first. */
const mergeNotices = (ours: readonly Notice[], feeds: readonly Notice[]): readonly Notice[] =>
  [...new Map([...feeds, ...ours].map((notice) => [notice.kind, notice])).values()].toSorted(
    (a, b) => RANK[a.kind] - RANK[b.kind],
  );

const pick = (query: URLSearchParams): StreamFilter => ({
  text: query.get('text') ?? '',
  topic: query.get('topic') ?? '',
  outcomes: (query.get('outcomes') ?? '').split(',').filter((outcome) => outcome !== ''),
});
