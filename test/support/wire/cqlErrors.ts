import { answerFrame, type CqlFrame, int, OPCODE, short, shortBytes } from './cqlFrame.ts';

const LOCAL_QUORUM = short(0x06);

/** What follows the code and the message in the body of an ERROR, when its code has more fields. */
const MORE = {
  unavailable: [LOCAL_QUORUM, int(2), int(1)],
  writeTimeout: [LOCAL_QUORUM, int(1), int(2), shortBytes('SIMPLE')],
  readTimeout: [LOCAL_QUORUM, int(1), int(2), Buffer.from([0])],
  readFailure: [LOCAL_QUORUM, int(1), int(2), int(1), Buffer.from([0])],
  writeFailure: [LOCAL_QUORUM, int(1), int(2), int(1), shortBytes('SIMPLE')],
} as const;

/** Every ERROR of the protocol that one of our statements may get. */
const CQL_ERRORS = {
  serverError: { code: 0x0000, more: [] },
  protocolError: { code: 0x000a, more: [] },
  unavailable: { code: 0x1000, more: MORE.unavailable },
  overloaded: { code: 0x1001, more: [] },
  bootstrapping: { code: 0x1002, more: [] },
  truncate: { code: 0x1003, more: [] },
  writeTimeout: { code: 0x1100, more: MORE.writeTimeout },
  readTimeout: { code: 0x1200, more: MORE.readTimeout },
  readFailure: { code: 0x1300, more: MORE.readFailure },
  writeFailure: { code: 0x1500, more: MORE.writeFailure },
  syntax: { code: 0x2000, more: [] },
  unauthorized: { code: 0x2100, more: [] },
  invalid: { code: 0x2200, more: [] },
  config: { code: 0x2300, more: [] },
  badCredentials: { code: 0x0100, more: [] },
} as const;

export type CqlErrorName = keyof typeof CQL_ERRORS;

/** An ERROR that answers a request. */
export const errorFrame = (request: CqlFrame, name: CqlErrorName): Buffer => {
  const { code, more } = CQL_ERRORS[name];
  return answerFrame(
    request,
    OPCODE.error,
    Buffer.concat([int(code), shortBytes(`${name}, said the proxy`), ...more]),
  );
};

/** UNPREPARED: the node has forgotten the statement with this id. */
export const unpreparedFrame = (request: CqlFrame, id: Buffer): Buffer =>
  answerFrame(
    request,
    OPCODE.error,
    Buffer.concat([int(0x2500), shortBytes('unprepared, said the proxy'), shortBytes(id)]),
  );
