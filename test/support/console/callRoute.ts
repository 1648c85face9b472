import { answerRoute } from '../../../console/server/answerRoute.ts';
import { matchRoute } from '../../../console/server/matchRoute.ts';
import type { Route, RouteAnswer } from '../../../console/server/route.ts';

/** Calls a route as the server does, behind its checks. @param path with its query, if it has one. */
export const callRoute = async (
  routes: readonly Route[],
  method: 'GET' | 'POST',
  path: string,
  body?: unknown,
): Promise<RouteAnswer> => {
  const url = new URL(path, 'http://127.0.0.1');
  const found = matchRoute(routes, method, url.pathname);
  if (found === undefined) throw new Error(`no route: ${method} ${path}`);
  const { signal } = new AbortController();
  return answerRoute(found.route, { params: found.params, query: url.searchParams, body, signal });
};
