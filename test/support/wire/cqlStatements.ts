import { type CqlFrame, OPCODE } from './cqlFrame.ts';

const RESULT_PREPARED = 4;
const PREPARED_IN_BATCH = 1;

/**
 * Finds the statements of a frame. One instance serves all connections: an id means the same statement on
 * each.
 */
export interface Statements {
  /** The statements that a request prepares or runs: one, or all of a batch. */
  readonly of: (request: CqlFrame) => readonly string[];
  /** The id of a request's first prepared statement. */
  readonly idOf: (request: CqlFrame) => Buffer;
  /** Learns the id of a statement from the answer to its PREPARE. */
  readonly learn: (request: CqlFrame, answer: CqlFrame) => void;
}

export const createStatements = (): Statements => {
  const textById = new Map<string, string>();
  return {
    of: (request) => {
      if (request.opcode === OPCODE.prepare || request.opcode === OPCODE.query) return [longString(request)];
      return idsOf(request).map(
        (id) => textById.get(id.toString('hex')) ?? 'a statement never prepared here',
      );
    },
    idOf: (request) => {
      const [id] = idsOf(request);
      if (id === undefined) throw new Error(`opcode ${request.opcode} runs no prepared statement`);
      return id;
    },
    learn: (request, { opcode, body }) => {
      if (request.opcode !== OPCODE.prepare || opcode !== OPCODE.result) return;
      if (body.readInt32BE(0) !== RESULT_PREPARED) return;
      textById.set(readShortBytes(body, 4).toString('hex'), longString(request));
    },
  };
};

const longString = ({ body }: CqlFrame): string => body.toString('utf8', 4, 4 + body.readInt32BE(0));

const readShortBytes = (body: Buffer, at: number): Buffer =>
  body.subarray(at + 2, at + 2 + body.readUInt16BE(at));

const idsOf = ({ opcode, body }: CqlFrame): readonly Buffer[] => {
  if (opcode === OPCODE.execute) return [readShortBytes(body, 0)];
  return opcode === OPCODE.batch ? idsOfBatch(body) : [];
};

/**
 * A batch, with sizes in bytes: type (1), count (2); then for each statement kind (1), id, count of values
 * (2), and values with their lengths (4; a negative length has no bytes).
 */
const idsOfBatch = (body: Buffer): readonly Buffer[] => {
  const ids: Buffer[] = [];
  let at = 3;
  for (let left = body.readUInt16BE(1); left > 0; left -= 1) {
    if (body.readUInt8(at) !== PREPARED_IN_BATCH) throw new Error('expected a batch of prepared statements');
    const id = readShortBytes(body, at + 1);
    ids.push(id);
    at += 3 + id.byteLength;
    const values = body.readUInt16BE(at);
    at += 2;
    for (let value = 0; value < values; value += 1) at += 4 + Math.max(0, body.readInt32BE(at));
  }
  return ids;
};
