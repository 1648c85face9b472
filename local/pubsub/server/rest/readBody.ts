import type { IncomingMessage } from 'node:http';
import { gunzip } from 'node:zlib';
import { promisify } from 'node:util';
import { REQUEST_BYTES_MAX } from '../methods.ts';
import { invalidArgument } from '../statusError.ts';

/** A body beyond this size is not even read to be thrown away: its connection is closed. */
const DISCARDED_BYTES_MAX = 4 * REQUEST_BYTES_MAX;

/**
 * Reads a request's body as JSON. It may be gzipped. An empty body is an empty object.
 * @throws StatusError INVALID_ARGUMENT for a body that is too large or that is not JSON.
 */
export const readBody = async (request: IncomingMessage): Promise<unknown> => {
  const encoding = request.headers['content-encoding'] ?? 'identity';
  if (!['identity', 'gzip'].includes(encoding)) {
    throw invalidArgument(`The content-encoding is gzip or identity, not ${encoding}.`);
  }
  const received = await readBytes(request);
  const bytes = encoding === 'gzip' ? await unzip(received) : received;
  if (bytes.byteLength === 0) return {};
  try {
    return JSON.parse(new TextDecoder('utf8', { fatal: true }).decode(bytes));
  } catch {
    // The error of JSON.parse would quote the body.
    throw invalidArgument('Invalid JSON payload received. The body is not JSON in UTF-8.');
  }
};

/** A body that is too large is still read, without keeping it: most clients send all before they listen. */
const readBytes = async (request: IncomingMessage): Promise<Buffer> => {
  const declared = Number(request.headers['content-length'] ?? 0);
  if (declared > DISCARDED_BYTES_MAX) throw tooLarge();
  let body = Buffer.alloc(0);
  let bytes = 0;
  for await (const chunk of request) {
    const end = bytes + chunk.byteLength;
    if (end > DISCARDED_BYTES_MAX) throw tooLarge();
    // Each piece is copied, because a piece of one byte takes 400 bytes.
    if (end > REQUEST_BYTES_MAX) body = Buffer.alloc(0);
    else body = withCopy(body, bytes, chunk);
    bytes = end;
  }
  if (bytes > REQUEST_BYTES_MAX) throw tooLarge();
  return body.subarray(0, bytes);
};

/** The buffer, or a larger one with the same start, that has the piece from `start` on. */
const withCopy = (body: Buffer<ArrayBuffer>, start: number, piece: Buffer): Buffer<ArrayBuffer> => {
  const end = start + piece.byteLength;
  const target = end <= body.byteLength ? body : Buffer.allocUnsafe(Math.min(2 * end, REQUEST_BYTES_MAX));
  if (target !== body) body.copy(target, 0, 0, start);
  piece.copy(target, start);
  return target;
};

const unzip = async (bytes: Buffer): Promise<Buffer> => {
  try {
    return await promisify(gunzip)(bytes, { maxOutputLength: REQUEST_BYTES_MAX });
  } catch (error) {
    if (error instanceof RangeError) throw tooLarge();
    throw invalidArgument('The body is not gzip, although its content-encoding says so.');
  }
};

const tooLarge = () => invalidArgument(`Request payload size exceeds the limit: ${REQUEST_BYTES_MAX} bytes.`);
