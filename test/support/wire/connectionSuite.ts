import { describe, expect, it } from 'vitest';
import { hasCassandra } from '../cassandra/testKeyspace.ts';
import { until } from '../../../proof/until.ts';
import { setUpWireCases } from './wireCase.ts';
import { CONNECTION_STRIKES, holdAnswer } from './wireFaults.ts';
import { WIRE_STEPS } from './wireSteps.ts';

/** @param every which of the cases run: all of them for 1, the first and then each seventh for 7. */
export const describeConnections = (every: number): void => {
  const slice = <T>(cases: readonly T[]): T[] => cases.filter((_, index) => index % every === 0);
  describe.skipIf(!hasCassandra)('a connection', () => {
    const { start, strikeOnce, expectAsIfNothingHappened, nextOrderId } = setUpWireCases();

    describe.for(slice(Object.entries(CONNECTION_STRIKES)))('that %s', ([, strike]) => {
      it('at any statement nacks the message, is opened again, and nothing is lost', async () => {
        const lines = await Promise.all(
          WIRE_STEPS.map(async (step) => strikeOnce(await start(), step, strike)),
        );

        expect(lines).toHaveLength(WIRE_STEPS.length);
        for (const line of lines) expect(line).toMatchObject({ reason: 'transient', severity: 'WARNING' });
      });
    });

    it.for(slice(WIRE_STEPS.map((step) => ({ at: step.name, step }))))(
      'that answers $at late, but within the statement’s time limit, acks the message',
      async ({ step }) => {
        const stack = await start();
        const orderId = nextOrderId();
        for (const message of step.before(orderId)) await stack.push(message);
        const released = Promise.withResolvers<void>();
        const laid = stack.proxy.lay({ hits: step.hits, strike: holdAnswer(released.promise) });

        const answer = stack.push(step.message(orderId));
        await until('the statement', () => laid.struck() === 1);
        const settledBefore = stack.outcomes().length;
        released.resolve();

        expect(settledBefore).toBe(step.before(orderId).length);
        expect(await answer).toBe(204);
        await expectAsIfNothingHappened(step, orderId);
      },
    );
  });
};
