import type { Route } from './route.ts';

interface RouteMatch {
  readonly route: Route;
  readonly params: Readonly<Record<string, string>>;
}

/**
 * Finds the route of a request. `('GET', '/api/orders/17')` → the route `/api/orders/:id`, with id `17`.
 */
export const matchRoute = (
  routes: readonly Route[],
  method: string,
  pathname: string,
): RouteMatch | undefined => {
  for (const route of routes) {
    if (route.method !== method) continue;
    const params = paramsOf(route.path, pathname);
    if (params !== undefined) return { route, params };
  }
  return undefined;
};

/** The methods that a path has, for the answer to a request with another one. Empty: no such path. */
export const methodsOf = (routes: readonly Route[], pathname: string): readonly Route['method'][] =>
  routes.filter(({ path }) => paramsOf(path, pathname) !== undefined).map(({ method }) => method);

const paramsOf = (path: string, pathname: string): Record<string, string> | undefined => {
  const [wanted, given] = [path.split('/'), pathname.split('/')];
  if (wanted.length !== given.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const text = given[index] ?? '';
    if (!part.startsWith(':')) {
      if (part !== text) return undefined;
    } else {
      const decoded = decode(text);
      if (decoded === undefined || decoded === '') return undefined;
      params[part.slice(1)] = decoded;
    }
  }
  return params;
};

const decode = (text: string): string | undefined => {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
};
