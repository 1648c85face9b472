import { createReadStream } from 'node:fs';

/** The largest message that Pub/Sub takes: https://cloud.google.com/pubsub/quotas#resource_limits */
const MESSAGE_BYTES_MAX = 10_000_000;

/**
 * The bytes of a message's body. Reading ends at Pub/Sub's own limit, so a huge file costs no memory.
 * @param path `-` is standard input.
 * @throws Error that names the path: it cannot be read, it is empty, or it is too large to be sent.
 */
export const readBody = async (path: string): Promise<Buffer> => {
  const body = await readUpToLimit(path).catch((error: unknown) => {
    throw new Error(`cannot read ${nameOf(path)}`, { cause: error });
  });
  // Pub/Sub refuses a message that has neither data nor attributes.
  if (body.byteLength === 0) throw new Error(`${nameOf(path)} is empty: expected a JSON object`);
  if (body.byteLength <= MESSAGE_BYTES_MAX) return body;
  throw new Error(`${nameOf(path)} is too large: Pub/Sub takes at most ${MESSAGE_BYTES_MAX} bytes`);
};

/** What a path is called in a message for a person. */
export const nameOf = (path: string): string => (path === '-' ? 'standard input' : path);

const readUpToLimit = async (path: string): Promise<Buffer> => {
  // /dev/stdin cannot be opened where standard input is a socket, as under another Node process.
  const source: AsyncIterable<Buffer> = path === '-' ? process.stdin : createReadStream(path);
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of source) {
    chunks.push(chunk);
    bytes += chunk.byteLength;
    if (bytes > MESSAGE_BYTES_MAX) break;
  }
  return Buffer.concat(chunks);
};
