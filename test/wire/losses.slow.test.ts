import { describe, expect, it } from 'vitest';
import { hasCassandra } from '../support/cassandra/testKeyspace.ts';
import { until } from '../../proof/until.ts';
import { setUpWireCases } from '../support/wire/wireCase.ts';
import { CONNECTION_STRIKES } from '../support/wire/wireFaults.ts';
import { orderTo } from '../support/wire/wireMessages.ts';
import { WIRE_STEPS } from '../support/wire/wireSteps.ts';

const LOSSES = 12;
/** After each loss the driver connects twice, and once more when it must find out the protocol version. */
const CONNECTIONS_FOR_EACH_LOSS = 3;

describe.skipIf(!hasCassandra)('connections that are lost again and again', () => {
  const { start, strikeOnce, nextOrderId } = setUpWireCases();
  const [onOrderWrites] = WIRE_STEPS;
  if (onOrderWrites === undefined) throw new Error('there are no steps');

  it.for(Object.entries(CONNECTION_STRIKES))(
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
