import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { hasCassandra } from '../support/cassandra/testKeyspace.ts';
import { commandEnv } from '../support/commands/commandEnv.ts';

const TALLY = join(import.meta.dirname, '../../cli/tally.ts');
const DEMO_TIMEOUT_MS = 240_000;

const ORDERS_SENT = { A: 250, B: 80, C: 330, D: 250 } as const;

/** The command as a user runs it: it starts its own functions, Pub/Sub and Cassandra. */
const runDemo = async (scenario: string, more: readonly string[] = []): Promise<unknown> => {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [TALLY, 'demo', '--scenario', scenario, '--json', ...more],
    { env: commandEnv(), timeout: DEMO_TIMEOUT_MS },
  );
  return JSON.parse(stdout);
};

describe.skipIf(!hasCassandra)('the reference system’s own traffic', () => {
  it.for(['A', 'B', 'C', 'D'] as const)(
    'in scenario %s ends with 80 orders paid, 420 payments parked and nothing lost',
    { timeout: DEMO_TIMEOUT_MS },
    async (scenario) => {
      const result = await runDemo(scenario);

      expect(result).toEqual({
        scenario,
        cassandra: 'external',
        pubsub: 'external',
        notices: [],
        ordersSent: ORDERS_SENT[scenario],
        paymentsSent: 500,
        ordersStored: 80,
        paid: 80,
        parked: 420,
        lost: 0,
        violations: 0,
        seconds: expect.any(Number),
      });
    },
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
        ordersStored: 80,
        paid: 80,
        parked: 420,
        lost: 0,
        violations: 0,
      });
    },
  );
});
