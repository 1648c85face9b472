import { join } from 'node:path';
import type { Stand } from '../stand/stand.ts';
import type { EventKind } from './eventKinds.ts';
import { runFork } from './runFork.ts';

const SCRIPT = join(import.meta.dirname, 'countEvents.ts');

/** What one event of a kind costs, on average. */
export interface EventCounts {
  readonly kind: EventKind;
  readonly statements: number;
  /** To Cassandra and back, with the driver's own traffic of that time. */
  readonly cassandraBytes: number;
  /** From each node of Cassandra to each other, with their gossip of that time. */
  readonly internodeBytes: number;
  readonly pushBytes: number;
  readonly publishes: number;
  readonly publishedBytes: number;
  readonly logBytes: number;
  readonly allocatedBytes: number;
}

/**
 * Counts what an event of each kind costs, in a system of this name on a stand.
 * @param kinds each after those that must come before it for the same order.
 */
export const countKinds = async (
  stand: Stand,
  name: string,
  kinds: readonly EventKind[],
): Promise<readonly EventCounts[]> => {
  const env = await stand.open(name);
  await stand.provision(env, {});
  return runFork<readonly EventCounts[]>(SCRIPT, env, kinds);
};
