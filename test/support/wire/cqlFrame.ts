/** The header of protocol versions 3 and 4: version, flags, stream (2 bytes), opcode, length of the body (4 bytes). */
const HEADER_BYTES = 9;
/** Set in the version of whatever a server sends. */
const RESPONSE_BIT = 0x80;
/** Set in the flags of an answer whose body begins with warnings, as Cassandra 5 has one on the first PREPARE after a USE. */
const WARNING_FLAG = 0x08;

/** https://cassandra.apache.org/doc/latest/cassandra/reference/native-protocol.html, as far as the tests need it. */
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
  /** Without the bit that says which way it goes. */
  readonly version: number;
  /** What an answer shares with its request. */
  readonly stream: number;
  readonly opcode: number;
  /** Without the warnings before it. */
  readonly body: Buffer;
  /** The whole frame as it came. */
  readonly bytes: Buffer;
}

/** Finds the frames in a connection's bytes, however TCP cut them. */
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

/** A server's answer to a request, in the request's own version and on its stream. */
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

/** A text, or bytes, after its length in two bytes. */
export const shortBytes = (value: string | Buffer): Buffer => {
  const bytes = Buffer.from(value);
  return Buffer.concat([short(bytes.byteLength), bytes]);
};
