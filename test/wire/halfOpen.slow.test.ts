import { describe, expect, it } from 'vitest';
import { hasCassandra } from '../support/cassandra/testKeyspace.ts';
import { until } from '../../proof/until.ts';
import { setUpWireCases, within } from '../support/wire/wireCase.ts';
import { fallSilent, fallSilentAfter } from '../support/wire/wireFaults.ts';
import { orderTo } from '../support/wire/wireMessages.ts';
import { WIRE_STEPS } from '../support/wire/wireSteps.ts';
import { HANDLE_TIMEOUT_MS } from '../../shared/deadlines.ts';

/** It takes bytes and answers nothing, like a connection that a firewall has forgotten. */
describe.skipIf(!hasCassandra)('a connection that is half open', () => {
  const { start, strikeOnce, nextOrderId } = setUpWireCases();

  it.for([
    ['before the statement arrives', fallSilent],
    ['after the statement took effect', fallSilentAfter],
  ] as const)('from %s on is given up at the first timeout, wherever it happens', async ([, strike]) => {
    const ends = await Promise.all(
      WIRE_STEPS.map(async (step) => {
        const stack = await start();
        const line = await strikeOnce(stack, step, strike);
        return { reason: line.reason, ever: stack.proxy.connections().ever };
      }),
    );

    for (const { reason, ever } of ends) {
      expect(reason).toBe('transient');
      // The driver opens two until it knows the protocol version. The others replace the half-open one.
      expect(ever).toBeGreaterThan(2);
    }
  });

  it(
    'like all other connections does not keep a message beyond the deadline',
    {
      timeout: 120_000,
    },
    async () => {
      const stack = await start();
      await stack.push(orderTo(nextOrderId()));
      const laid = stack.proxy.lay({ times: Infinity, hits: () => true, strike: fallSilent });

      const orderId = nextOrderId();
      const statuses = [await within(HANDLE_TIMEOUT_MS, stack.push(orderTo(orderId)))];
      for (let again = 0; again < 3; again += 1) {
        statuses.push(await within(HANDLE_TIMEOUT_MS, stack.push(orderTo(orderId))));
      }
      laid.lift();

      expect(statuses).toEqual([503, 503, 503, 503]);
      await until('an ack', async () => (await stack.push(orderTo(orderId))) === 204);
    },
  );
});
