import { once } from 'node:events';
import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import type { Feed, FeedFrame } from '../../../console/feed/feed.ts';
import { createQuietFeed } from '../../../console/feed/quietFeed.ts';
import type { Route } from '../../../console/server/route.ts';
import { serveConsole } from '../../../console/server/serveConsole.ts';
import { serveFrames } from '../../../console/server/serveFrames.ts';
import { findFreePort } from '../../../local/ports.ts';

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
}

interface Ask {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

/** The console's server with routes of a test, and a client that sends any header, as no browser would. */
export const startTestConsole = async (
  routes: readonly Route[],
  { bodyTimeoutMs = 10_000, next }: { bodyTimeoutMs?: number; next?: () => FeedFrame } = {},
) => {
  const port = await findFreePort();
  const bugs: Record<string, unknown>[] = [];
  const onBug = (fields: Record<string, unknown>): void => void bugs.push(fields);
  const quiet = createQuietFeed(() => 0);
  let readers = 0;
  const feed: Feed = {
    ...quiet,
    open: (filter) => {
      readers += 1;
      const reader = quiet.open(filter);
      return { next: next ?? reader.next, close: () => void (readers -= 1) };
    },
  };
  const server = serveConsole({
    port,
    routes,
    stream: serveFrames({ feed, startedAtMs: 0, onBug }),
    onBug,
    bodyTimeoutMs,
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');

  const ask = async (path: string, { method = 'GET', headers = {}, body }: Ask = {}): Promise<Answer> => {
    const sent = request({
      port,
      host: '127.0.0.1',
      path,
      method,
      headers: { Connection: 'close', ...headers },
    });
    sent.end(body);
    const [response] = await once(sent, 'response');
    return { status: response.statusCode, headers: response.headers, text: await text(response) };
  };
  return {
    port,
    server,
    bugs,
    ask,
    /** Connections that get frames now. */
    readers: () => readers,
    /** The token of the page, as the page finds it. */
    token: async (): Promise<string> =>
      /name="tally-token" content="(?<token>[^"]+)"/.exec((await ask('/')).text)?.groups?.token ?? '',
    stop: async (): Promise<void> => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
};

export type TestConsole = Awaited<ReturnType<typeof startTestConsole>>;
