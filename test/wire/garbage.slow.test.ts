import { describe, expect, it } from 'vitest';
import { hasCassandra } from '../support/cassandra/testKeyspace.ts';
import { answerFrame, int, OPCODE, shortBytes } from '../support/wire/cqlFrame.ts';
import { setUpWireCases } from '../support/wire/wireCase.ts';
import { answerWith } from '../support/wire/wireFaults.ts';
import { WIRE_STEPS } from '../support/wire/wireSteps.ts';

/** Bytes that are not an answer. The tests do not care how the driver reads them. */
const GARBAGE = {
  'a web server’s answer': () => Buffer.from('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n'),
  zeros: () => Buffer.alloc(64),
  ones: () => Buffer.alloc(64, 0xff),
  'an ERROR without a body': (request) => answerFrame(request, OPCODE.error, Buffer.alloc(0)),
  'an ERROR cut short': (request) =>
    answerFrame(request, OPCODE.error, Buffer.concat([int(0x1100), shortBytes('write'), Buffer.from([0])])),
  'a RESULT without a body': (request) => answerFrame(request, OPCODE.result, Buffer.alloc(0)),
  'rows cut short': (request) => answerFrame(request, OPCODE.result, Buffer.concat([int(2), int(1), int(3)])),
  'an opcode that there is not': (request) => answerFrame(request, 0x77, Buffer.alloc(4)),
  'an answer to nobody': (request) =>
    answerFrame({ ...request, stream: request.stream + 7 }, OPCODE.result, int(1)),
} as const satisfies Readonly<Record<string, (request: Parameters<typeof answerFrame>[0]) => Buffer>>;

describe.skipIf(!hasCassandra)('instead of an answer', () => {
  const { start, strikeOnce } = setUpWireCases();

  it.for(Object.entries(GARBAGE))(
    '%s: the message is nacked, and the process goes on',
    async ([, bytesOf]) => {
      const answered = answerWith(({ request }) => bytesOf(request));

      const lines = await Promise.all(
        WIRE_STEPS.map(async (step) => strikeOnce(await start(), step, answered)),
      );

      for (const line of lines) expect(line.settlement).toBe('retry');
    },
  );
});
