import { describe, expect, it } from 'vitest';
import { hasCassandra } from '../support/cassandra/testKeyspace.ts';
import { DEMO_TIMEOUT_MS, expectRight, runDemo } from '../support/commands/runDemo.ts';

describe.skipIf(!hasCassandra)('the reference’s own traffic', () => {
  it.for(['B', 'C', 'D'] as const)(
    'in scenario %s ends with 80 orders paid, 420 payments parked and nothing lost',
    { timeout: DEMO_TIMEOUT_MS },
    expectRight,
  );

  it(
    'ends the same on a Pub/Sub that duplicates, delays, reorders, loses acks and fails publishes',
    {
      timeout: DEMO_TIMEOUT_MS,
    },
    async () => {
      const faults = {
        seed: 7,
        duplicated: 0.2,
        delayed: 0.2,
        delayMs: 500,
        reordered: 0.2,
        acksLost: 0.1,
        publishesRefused: 0.1,
        publishesUnconfirmed: 0.1,
      };

      const result = await runDemo('A', ['--pubsub', 'local', '--pubsub-faults', JSON.stringify(faults)]);

      expect(result).toMatchObject({
        pubsub: 'local',
        notices: [expect.stringContaining('!!! Pub/Sub has faults on purpose: {"seed":7,"duplicated":0.2')],
        orders_stored: 80,
        paid: 80,
        parked: 420,
        lost: 0,
        violations: 0,
      });
    },
  );
});
