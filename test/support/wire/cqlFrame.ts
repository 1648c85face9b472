/** The header of versions 3 and 4: version, flags, stream (2 bytes), opcode, length of the body (4 bytes). */
const HEADER_BYTES = 9;
/** This bit is set in the version of every frame from a server. */
const RESPONSE_BIT = 0x80;
/**
 * This flag is set when the body of an answer begins with warnings. Cassandra 5 sends one after the first
 * PREPARE that follows a USE.
 */
const WARNING_FLAG = 0x08;

/**
 * The opcodes that the tests need:
 * https://cassandra.apache.org/doc/latest/cassandra/reference/native-protocol.html
 */
export const OPCODE = {
  error: 0x00,
  startup: 0x01,
  authenticate: 0x03,
  options: 0x05,
  query: 0x07,
  result: 0x08,
  prepare: 0x09,
  execute: 0x0a,
  batch: 0x0d,
  authResponse: 0x0f,
} as const;

export interface CqlFrame {
  /** Without the bit that marks a server's frame. */
  readonly version: number;
  /** An answer has the same stream as its request. */
  readonly stream: number;
  readonly opcode: number;
  /** Without warnings. */
  readonly body: Buffer;
  /** The whole frame, unchanged. */
  readonly bytes: Buffer;
}

/** Finds the frames in a connection's bytes. TCP may have cut them anywhere. */
export const createFrameSplitter = (onFrame: (frame: CqlFrame) => void): ((chunk: Buffer) => void) => {
  let rest: Buffer = Buffer.alloc(0);
  return (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    while (rest.byteLength >= HEADER_BYTES) {
      const frameBytes = HEADER_BYTES + rest.readUInt32BE(5);
      if (rest.byteLength < frameBytes) return;
      const bytes = rest.subarray(0, frameBytes);
      rest = rest.subarray(frameBytes);
      onFrame({
        version: bytes.readUInt8(0) & ~RESPONSE_BIT,
        stream: bytes.readInt16BE(2),
        opcode: bytes.readUInt8(4),
        body: withoutWarnings(bytes.readUInt8(1), bytes.subarray(HEADER_BYTES)),
        bytes,
      });
    }
  };
};

const withoutWarnings = (flags: number, body: Buffer): Buffer => {
  if ((flags & WARNING_FLAG) === 0) return body;
  let at = 2;
  for (let left = body.readUInt16BE(0); left > 0; left -= 1) at += 2 + body.readUInt16BE(at);
  return body.subarray(at);
};

/** A server's answer to a request, with the version and the stream of the request. */
export const answerFrame = (
  { version, stream }: Pick<CqlFrame, 'version' | 'stream'>,
  opcode: number,
  body: Buffer,
): Buffer => {
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt8(version | RESPONSE_BIT, 0);
  header.writeInt16BE(stream, 2);
  header.writeUInt8(opcode, 4);
  header.writeUInt32BE(body.byteLength, 5);
  return Buffer.concat([header, body]);
};

export const short = (value: number): Buffer => {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
};

export const int = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
};

/** A text or bytes, after the length in two bytes. */
export const shortBytes = (value: string | Buffer): Buffer => {
  const bytes = Buffer.from(value);
  return Buffer.concat([short(bytes.byteLength), bytes]);
};
