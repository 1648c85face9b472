import type { IncomingMessage } from 'node:http';
import { REQUEST_BYTES_MAX } from '../bodyText.ts';
import { type ByteBudget, REQUEST_OVERHEAD_BYTES } from './byteBudget.ts';

/** The bytes of a request, or why they are not read. */
type BodyRead =
  { readonly body: Buffer } | { readonly refusal: { readonly status: BodyStatus; readonly error: string } };
type BodyStatus = 408 | 413 | 429;

/** A client that sends nothing must not hold the budget for long. Pub/Sub sends a body in one go. */
const BODY_TIMEOUT_MS = 20_000;

const TOO_LARGE = `expected at most ${REQUEST_BYTES_MAX} bytes: Pub/Sub never sends so many`;
const TOO_MUCH_IN_HAND = 'too many bytes of other requests are in hand: send this again later';

/**
 * Reads the body of a request into memory, as far as the budget allows. A body that says its length is
 * refused before any of it is read. One that does not is counted while it is read. What a refused request
 * still sends is thrown away as it comes.
 * @param onTaken called with the bytes that were taken from the budget, each time. They are the caller's to
 * give back.
 * @param timeoutMs how long the client may take to send it.
 * @returns undefined when the client went away before it had sent everything.
 */
export const readBody = (
  request: IncomingMessage,
  budget: ByteBudget,
  onTaken: (bytes: number) => void,
  timeoutMs: number = BODY_TIMEOUT_MS,
): Promise<BodyRead | undefined> => {
  const { promise, resolve } = Promise.withResolvers<BodyRead | undefined>();
  let body = Buffer.alloc(0);
  let bytes = 0;
  const take = (count: number): boolean => {
    if (!budget.take(count)) return false;
    onTaken(count);
    return true;
  };
  /** Makes room for so many bytes. Pieces are copied there, because a piece of one byte takes 400 bytes. */
  const growTo = (size: number): boolean => {
    if (!take(size - body.byteLength)) return false;
    const larger = Buffer.allocUnsafe(size);
    body.copy(larger, 0, 0, bytes);
    body = larger;
    return true;
  };
  const refuse = (status: BodyStatus, error: string): void => {
    // The caller gives the bytes back now, and the client may go on sending for minutes.
    body = Buffer.alloc(0);
    request.removeAllListeners('data').resume();
    resolve({ refusal: { status, error } });
  };

  const announced = Number(request.headers['content-length'] ?? 0);
  if (announced > REQUEST_BYTES_MAX) refuse(413, TOO_LARGE);
  else if (!take(REQUEST_OVERHEAD_BYTES) || !growTo(announced)) refuse(429, TOO_MUCH_IN_HAND);
  else {
    request.on('data', (chunk: Buffer) => {
      const end = bytes + chunk.byteLength;
      if (end > REQUEST_BYTES_MAX) refuse(413, TOO_LARGE);
      else if (end > body.byteLength && !growTo(Math.min(2 * end, REQUEST_BYTES_MAX))) {
        refuse(429, TOO_MUCH_IN_HAND);
      } else bytes += chunk.copy(body, bytes);
    });
    request.once('end', () => resolve({ body: body.subarray(0, bytes) }));
    const timer = setTimeout(() => refuse(408, `expected the whole body within ${timeoutMs} ms`), timeoutMs);
    void promise.then(() => clearTimeout(timer));
    // After 'end' it changes nothing. Before it, the client has gone away.
    request.once('close', () => resolve(undefined));
    request.once('error', () => resolve(undefined));
  }
  return promise;
};
