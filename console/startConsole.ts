import { once } from 'node:events';
import { errorFields } from '../shared/telemetry/errorFields.ts';
import type { ConsoleDeps } from './consoleDeps.ts';
import { localRoutes } from './server/localRoutes.ts';
import { openDeadLetters } from './server/openDeadLetters.ts';
import { answer, type Route } from './server/route.ts';
import { findRoutes } from './server/routes/findRoutes.ts';
import { messageRoutes } from './server/routes/messageRoutes.ts';
import { orderRoutes } from './server/routes/orderRoutes.ts';
import { overviewRoutes } from './server/routes/overviewRoutes.ts';
import { stepsRoutes } from './server/routes/stepsRoutes.ts';
import { makePageFiles } from './server/findPageFile.ts';
import { sayBug } from './sayBug.ts';
import { serveConsole } from './server/serveConsole.ts';
import { serveFrames } from './server/serveFrames.ts';

interface RunningConsole {
  readonly url: string;
  readonly stop: () => Promise<void>;
}

/** Starts the live page on 127.0.0.1. */
export const startConsole = async (deps: ConsoleDeps, port: number): Promise<RunningConsole> => {
  const local = localRoutes(deps);
  const deadLetters = openDeadLetters(deps);
  const routes = [...routesOf(deps), ...deadLetters.routes, ...local.routes];
  const stream = serveFrames({
    feed: deps.feed,
    startedAtMs: deps.place.startedAtMs,
    notices: local.notices,
    onBug: sayBug,
  });
  const server = serveConsole({ port, routes, stream, onBug: sayBug });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  makePageFiles().catch((error: unknown) => sayBug(errorFields(error)));
  return {
    url: `http://127.0.0.1:${port}/`,
    stop: async () => {
      await deadLetters.close();
      local.close();
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
};

/** Every part of the API, one file for each view. */
const routesOf = (deps: ConsoleDeps): readonly Route[] => [
  { method: 'GET', path: '/api/place', handle: async () => answer(deps.place) },
  ...overviewRoutes(deps),
  ...messageRoutes(deps),
  ...orderRoutes(deps),
  ...findRoutes(deps),
  ...stepsRoutes(deps),
];
