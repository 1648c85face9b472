import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'vitest';
import { commandEnv } from './commandEnv.ts';

const TALLY = join(import.meta.dirname, '../../../cli/tally.ts');
export const DEMO_TIMEOUT_MS = 240_000;

const ORDERS_SENT = { A: 250, B: 80, C: 330, D: 250 } as const;

/**
 * The command as a user runs it: its own processes, Functions Framework, Pub/Sub and Cassandra. The total of
 * a step must not move while it is shown.
 */
export const runDemo = async (scenario: string, more: readonly string[] = []): Promise<unknown> => {
  const { stdout, stderr } = await promisify(execFile)(
    process.execPath,
    [TALLY, 'demo', '--scenario', scenario, '--json', ...more],
    { env: commandEnv(), timeout: DEMO_TIMEOUT_MS },
  );
  const totals = new Map<string, Set<number>>();
  for (const line of stderr.split('\n').filter((one) => one.startsWith('{"event":"progress"'))) {
    const { step, total }: { step: string; total?: number } = JSON.parse(line);
    if (total !== undefined) totals.set(step, (totals.get(step) ?? new Set()).add(total));
  }
  expect([...totals].map(([step, all]) => [step, all.size])).toEqual([['Settled', 1]]);
  return JSON.parse(stdout);
};

/** A scenario of the reference’s own traffic, and what must become of it. */
export const expectRight = async (scenario: keyof typeof ORDERS_SENT): Promise<void> => {
  expect(await runDemo(scenario)).toEqual({
    scenario,
    cassandra: 'external',
    pubsub: 'external',
    notices: [],
    orders_sent: ORDERS_SENT[scenario],
    payments_sent: 500,
    orders_stored: 80,
    paid: 80,
    parked: 420,
    lost: 0,
    violations: 0,
    seconds: expect.any(Number),
  });
};
