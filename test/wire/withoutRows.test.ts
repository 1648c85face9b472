import { describe, expect, it } from 'vitest';
import { hasCassandra } from '../support/cassandra.ts';
import { answerFrame, int, OPCODE } from '../support/cqlFrame.ts';
import { setUpWireCases } from '../support/wireCase.ts';
import { answerWith } from '../support/wireFaults.ts';
import { WIRE_STEPS } from '../support/wireSteps.ts';

const READS = WIRE_STEPS.filter(({ name }) => name.includes('read'));
/** A RESULT that says: done, and there is nothing to tell. It is the right answer to a write. */
const VOID = int(1);

describe.skipIf(!hasCassandra)('an answer without rows', () => {
  const { start, strikeOnce } = setUpWireCases();

  it.for(READS.map((step) => ({ at: step.name, step })))(
    'to $at is not taken for one with no rows in it: nothing was read',
    async ({ step }) => {
      const line = await strikeOnce(
        await start(),
        step,
        answerWith(({ request }) => answerFrame(request, OPCODE.result, VOID)),
      );

      expect(line).toMatchObject({ reason: 'bug', severity: 'ERROR' });
    },
  );
});
