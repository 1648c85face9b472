import * as z from 'zod';

/** The first frame comes at once. */
const FRAME_TIMEOUT_MS = 10_000;
/** A frame brings up to 200 rows. */
const FRAME_CHARACTERS_MAX = 4_000_000;

const frameSchema = z.object({
  edges: z.object({
    subscriptions: z.record(
      z.string(),
      z.object({ backlog: z.number().nullable(), oldestMs: z.number().nullable() }),
    ),
  }),
});

/**
 * Asks the live page of a running system when the oldest message was published that a subscription has not
 * acked, in milliseconds since the epoch. Undefined: none waits. 'unknown': the page cannot see it.
 * @param page the address of the page.
 * @throws Error when the page does not answer.
 */
export const oldestWaiting = async (
  page: string,
  subscriptions: readonly string[],
): Promise<number | 'unknown' | undefined> => {
  const { edges } = frameSchema.parse(JSON.parse(await firstFrame(page)));
  const owed = subscriptions.map((name) => edges.subscriptions[name] ?? { backlog: null, oldestMs: null });
  if (owed.some(({ backlog }) => backlog === null)) return 'unknown';
  const times = owed.flatMap(({ oldestMs }) => (oldestMs === null ? [] : [oldestMs]));
  return times.length === 0 ? undefined : Math.min(...times);
};

/** Server-sent events: the text behind `data: ` of the first one. */
const firstFrame = async (page: string): Promise<string> => {
  const abort = new AbortController();
  const signal = AbortSignal.any([abort.signal, AbortSignal.timeout(FRAME_TIMEOUT_MS)]);
  try {
    const response = await fetch(new URL('/api/frames', page), { signal });
    if (!response.ok || response.body === null) {
      throw new Error(`the page at ${page} answered ${response.status}`);
    }
    let text = '';
    for await (const part of response.body.pipeThrough(new TextDecoderStream())) {
      text += part;
      const [, data] = /^data: (.*)\n\n/m.exec(text) ?? [];
      if (data !== undefined) return data;
      if (text.length > FRAME_CHARACTERS_MAX) break;
    }
    throw new Error(`the page at ${page} sent no frame`);
  } finally {
    abort.abort();
  }
};
