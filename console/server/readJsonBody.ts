import type { IncomingMessage } from 'node:http';
import { ClientGoneError } from './clientGoneError.ts';

/** A form's request has some hundred bytes. An edited payload has 64 KiB at most, and quotes double it. */
const BODY_BYTES_MAX = 256 * 1024;

type JsonBody =
  | { readonly value: unknown }
  | { readonly refusal: { readonly status: 400 | 408 | 413 | 415; readonly error: string } };

/**
 * Reads the JSON of a POST.
 * @param timeoutMs how long the client may take to send it.
 * @throws ClientGoneError when the client goes away before it has sent everything.
 */
export const readJsonBody = async (request: IncomingMessage, timeoutMs: number): Promise<JsonBody> => {
  // A form of another site cannot send this type without asking first.
  if (!/^application\/json\s*(?:;|$)/i.test(request.headers['content-type'] ?? '')) {
    return refuse(415, 'expected the Content-Type application/json');
  }
  if (Number(request.headers['content-length'] ?? 0) > BODY_BYTES_MAX) return tooLarge();
  const { promise: expired, resolve: expire } = Promise.withResolvers<'expired'>();
  const timer = setTimeout(() => expire('expired'), timeoutMs);
  try {
    const read = await Promise.race([readBytes(request), expired]);
    if (read === 'expired') return refuse(408, `expected the whole body within ${timeoutMs} ms`);
    if (read === 'too large') return tooLarge();
    return { value: JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(read)) as unknown };
  } catch (error) {
    // The parser's words quote the body, which may hold a card number.
    if (error instanceof SyntaxError) return refuse(400, 'expected JSON, got a text that is none');
    if (error instanceof TypeError) return refuse(400, 'expected JSON in UTF-8, got other bytes');
    throw error;
  } finally {
    clearTimeout(timer);
  }
};

const readBytes = (request: IncomingMessage): Promise<Buffer | 'too large'> => {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer | 'too large'>();
  const chunks: Buffer[] = [];
  let bytes = 0;
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.byteLength;
    if (bytes > BODY_BYTES_MAX) {
      chunks.length = 0;
      request.pause();
      resolve('too large');
    } else chunks.push(chunk);
  });
  request.once('end', () => resolve(Buffer.concat(chunks)));
  request.once('error', (cause) => reject(new ClientGoneError('the client has left', { cause })));
  return promise;
};

const tooLarge = (): JsonBody => refuse(413, `expected a body of at most ${BODY_BYTES_MAX} bytes`);

const refuse = (status: 400 | 408 | 413 | 415, error: string): JsonBody => ({ refusal: { status, error } });
