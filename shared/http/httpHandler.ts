import type { IncomingHttpHeaders, ServerResponse } from 'node:http';

/** A request with its body. One of the Functions Framework's own has these parts too. */
export interface HttpRequest {
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
  /** The bytes as they were sent, whatever their content type and encoding. */
  readonly rawBody?: Uint8Array;
}

/** Answers a request. It settles when the answer is given. */
export type HttpHandler = (request: HttpRequest, response: ServerResponse) => Promise<void> | void;

interface HttpAnswer {
  readonly status: number;
  readonly error?: string;
}

/** Turns a function that returns its answer into an HTTP handler. */
export const toHttpHandler =
  (answer: (request: HttpRequest) => Promise<HttpAnswer>): HttpHandler =>
  async (request, response) => {
    const { status, error } = await answer(request);
    answerJson(response, status, error === undefined ? undefined : { error });
  };

/** Answers with JSON, or with no body. The headers say what the caller may do about a 405 and a 429. */
export const answerJson = (response: ServerResponse, status: number, body?: object): void => {
  if (status === 405) response.setHeader('Allow', 'POST');
  if (status === 429) response.setHeader('Retry-After', '1');
  if (body === undefined) response.writeHead(status).end();
  else response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
};
