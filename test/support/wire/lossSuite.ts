import { describe, expect, it } from 'vitest';
import { hasCassandra } from '../cassandra/testKeyspace.ts';
import { until } from '../../../proof/until.ts';
import { setUpWireCases } from './wireCase.ts';
import { CONNECTION_STRIKES } from './wireFaults.ts';
import { orderTo } from './wireMessages.ts';
import { WIRE_STEPS } from './wireSteps.ts';

const LOSSES = 12;
/** After each loss the driver connects twice, and once more when it must find out the protocol version. */
const CONNECTIONS_FOR_EACH_LOSS = 3;

/** @param every which of the cases run: all of them for 1, the first and then each seventh for 7. */
export const describeLosses = (every: number): void => {
  const slice = <T>(cases: readonly T[]): T[] => cases.filter((_, index) => index % every === 0);
  describe.skipIf(!hasCassandra)('connections that are lost again and again', () => {
    const { start, strikeOnce, nextOrderId } = setUpWireCases();
    const [onOrderWrites] = WIRE_STEPS;
    if (onOrderWrites === undefined) throw new Error('there are no steps');

    it.for(slice(Object.entries(CONNECTION_STRIKES)))(
      'each of which %s, end with one open connection',
      async ([, strike]) => {
        const stack = await start();

        for (let loss = 0; loss < LOSSES; loss += 1) await strikeOnce(stack, onOrderWrites, strike);

        await until('what is not needed to be closed', () => stack.proxy.connections().open === 1);
        const { ever } = stack.proxy.connections();
        expect(ever).toBeLessThanOrEqual(2 + LOSSES * CONNECTIONS_FOR_EACH_LOSS);
      },
    );

    it('all at once, even while the driver opens new ones, end neither the process nor the driver’s search', async () => {
      const stack = await start();
      await stack.push(orderTo(nextOrderId()));

      for (let loss = 0; loss < LOSSES; loss += 1) {
        stack.proxy.resetAll();
        await until('an ack', async () => (await stack.push(orderTo(nextOrderId()))) === 204);
      }

      const { ever } = stack.proxy.connections();
      expect(ever).toBeLessThanOrEqual(2 + LOSSES * CONNECTIONS_FOR_EACH_LOSS);
    });
  });
};
