/** What a route is given. */
export interface RouteRequest {
  /** The parts of the path that the route names with a colon. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** The parsed JSON of a POST; undefined for a GET. */
  readonly body: unknown;
  /** Aborts with a `ClientGoneError` when the client goes away. */
  readonly signal: AbortSignal;
}

/** One answer of the API: its status, and a value that becomes JSON with ids as texts. */
export interface RouteAnswer {
  readonly status: number;
  readonly value: unknown;
}

/** A part of the API. A POST does something, so the server asks for the page's token first. */
export interface Route {
  readonly method: 'GET' | 'POST';
  /** Such as `/api/orders/:id`. */
  readonly path: string;
  /** @throws RequestRefusedError for what cannot be done as it is asked. */
  readonly handle: (request: RouteRequest) => Promise<RouteAnswer>;
}

export const answer = (value: unknown, status = 200): RouteAnswer => ({ status, value });

/** A route that does something with the body alone. */
export const post = (path: string, handle: (body: unknown) => Promise<RouteAnswer>): Route => ({
  method: 'POST',
  path,
  handle: ({ body }) => handle(body),
});
