import { describe, expect, it } from 'vitest';
import { hasCassandra } from '../support/cassandra/testKeyspace.ts';
import { answerFrame, int, OPCODE } from '../support/wire/cqlFrame.ts';
import { setUpWireCases } from '../support/wire/wireCase.ts';
import { answerWith } from '../support/wire/wireFaults.ts';
import { WIRE_STEPS } from '../support/wire/wireSteps.ts';

/** A RESULT of the kind "void". It is the right answer to a write. */
const VOID = int(1);
/** A RESULT without columns and rows: kind, flags (no metadata), number of columns, number of rows. */
const NO_ROWS = Buffer.concat([int(2), int(4), int(0), int(0)]);

/** A well-formed answer of the wrong kind belongs to another statement. It says nothing about this one. */
const CASES = WIRE_STEPS.map((step) =>
  step.name.includes('read')
    ? { at: step.name, step, what: 'an answer without rows', body: VOID }
    : { at: step.name, step, what: 'an answer of rows', body: NO_ROWS },
);

describe.skipIf(!hasCassandra)('an answer of the wrong kind', () => {
  const { start, strikeOnce } = setUpWireCases();

  it.for(CASES)('to $at, $what, does not count as its answer', async ({ step, body }) => {
    const line = await strikeOnce(
      await start(),
      step,
      answerWith(({ request }) => answerFrame(request, OPCODE.result, body)),
    );

    expect(line).toMatchObject({ reason: 'bug', severity: 'ERROR' });
  });
});
