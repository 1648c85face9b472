import type { LocalControls } from '../../../console/consoleDeps.ts';
import type { CassandraState, CassandraSwitch } from '../../../local/cassandra/startSwitchableCassandra.ts';
import { createFaultSwitch } from '../../../local/pubsub/server/faults.ts';
import { PUBLISHED_AT_MS } from '../messages/domain.ts';

/** A Cassandra of which only the state is there. `become` is what happens to it without being asked. */
const createCassandra = (clock: () => number) => {
  let state: CassandraState = { name: 'running', sinceMs: clock(), delayMs: 0, problem: undefined };
  const become = (changes: Partial<CassandraState>): void => {
    state = { ...state, sinceMs: clock(), ...changes };
  };
  const goFrom = async (from: readonly string[], name: CassandraState['name']): Promise<void> => {
    if (!from.includes(state.name)) throw new Error(`expected ${from.join(' or ')}, got ${state.name}`);
    become({ name, problem: undefined });
  };
  const cassandra: CassandraSwitch = {
    state: () => state,
    stop: () => goFrom(['running'], 'stopped'),
    start: () => goFrom(['stopped', 'died'], 'running'),
    slow: (delayMs) => become({ delayMs, sinceMs: state.sinceMs }),
  };
  return { cassandra, become };
};

/** What a local system lets the page do, without one: switches that only remember. */
export const localControls = ({
  clock = (): number => PUBLISHED_AT_MS,
  simulateUrl = 'http://127.0.0.1:1',
} = {}) => {
  const { cassandra, become } = createCassandra(clock);
  const pubsubFaults = createFaultSwitch();
  const local: LocalControls = {
    simulateUrl,
    logFiles: '.tally/logs/*.log',
    cassandra: { kind: 'maven', address: '127.0.0.1:9042' },
    pubsub: { kind: 'local' },
    switches: { cassandra, pubsubFaults },
  };
  return { local, become, pubsubFaults };
};
