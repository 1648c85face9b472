import http from 'node:http';
import https from 'node:https';

/** The answer about a hundred thousand orders has some ten million bytes. */
const ANSWER_BYTES_MAX = 256 * 1024 * 1024;

interface TextRequest {
  readonly method: 'POST' | 'OPTIONS';
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/**
 * Sends a request and waits for the whole answer. `fetch` is not used: it gives up when the head of an answer
 * takes more than five minutes.
 * @throws Error when nothing answers, when the signal aborts, or when the answer has more than 256 MiB.
 */
export const requestText = (
  url: string,
  { method, body = '', headers = {}, signal }: TextRequest,
): Promise<{ readonly status: number; readonly body: string }> => {
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number; body: string }>();
  const { request } = url.startsWith('https:') ? https : http;
  // Without a length, Node sends the body of OPTIONS unframed, and no server reads it.
  const framed = { 'content-length': String(Buffer.byteLength(body)), ...headers };
  request(url, { method, headers: framed, signal }, (response) => {
    textOf(response).then((text) => resolve({ status: response.statusCode ?? 0, body: text }), reject);
  })
    .once('error', reject)
    .end(body);
  return promise;
};

const textOf = async (response: http.IncomingMessage): Promise<string> => {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of response as AsyncIterable<Buffer>) {
    bytes += piece.byteLength;
    if (bytes > ANSWER_BYTES_MAX) throw new Error(`the answer has more than ${ANSWER_BYTES_MAX} bytes`);
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString('utf8');
};
