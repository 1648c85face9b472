import type { LocalPart } from '../localPart.ts';
import { assertPortFree, findFreePort } from '../ports.ts';
import { createCassandraRelay } from './cassandraRelay.ts';
import { type CassandraOptions, describeNode } from './options.ts';
import { startMavenCassandra } from './startMavenCassandra.ts';

/** Far beyond the time after which a function gives up. */
export const CASSANDRA_DELAY_MS_MAX = 10_000;

export interface CassandraState {
  /** `died`: it ended although nobody had asked. */
  readonly name: 'running' | 'stopping' | 'stopped' | 'starting' | 'died';
  /** Milliseconds since the epoch. */
  readonly sinceMs: number;
  /** Each answer comes later by so many milliseconds. */
  readonly delayMs: number;
  /** Why it died, or why it could not be started; undefined when nothing went wrong. */
  readonly problem: string | undefined;
}

/** Lets an outage be rehearsed while everything else runs on. */
export interface CassandraSwitch {
  readonly state: () => CassandraState;
  /** Stops the process as an operator would, with SIGTERM. Throws unless it runs. */
  readonly stop: () => Promise<void>;
  /** Starts it on the same port, with the same data. Throws when it runs, or when it cannot be started. */
  readonly start: () => Promise<void>;
  /** @param delayMs 0 to `CASSANDRA_DELAY_MS_MAX`. */
  readonly slow: (delayMs: number) => void;
}

interface SwitchableCassandra extends LocalPart {
  readonly cassandraSwitch: CassandraSwitch;
}

type StartProcess = (options: CassandraOptions, why: string) => Promise<LocalPart>;

interface SwitchableOptions extends CassandraOptions {
  /** Called when it ends although nobody had asked. The switch can start it again. */
  readonly onCassandraDied: (error: unknown) => void;
}

/**
 * Starts a Cassandra from Maven that can be stopped, started again and slowed down. It listens on a port of
 * its own, and a relay stands at the port that was asked for. `died` never rejects, because a Cassandra that
 * is gone can come back.
 * @param startProcess starts the Cassandra behind the relay. Default: the one from Maven.
 * @throws Error as `startMavenCassandra` does.
 */
export const startSwitchableCassandra = async (
  options: SwitchableOptions,
  why: string,
  startProcess: StartProcess = startMavenCassandra,
): Promise<SwitchableCassandra> => {
  let state: CassandraState = { name: 'starting', sinceMs: Date.now(), delayMs: 0, problem: undefined };
  let isEnded = false;
  /** What was begun last. The next act begins when it has ended. */
  let acting: Promise<void> = Promise.resolve();
  const become = (name: CassandraState['name'], problem?: string): void => {
    state = { ...state, name, sinceMs: Date.now(), problem };
  };
  const startAt: StartAt = (port, fresh) => startProcess({ ...options, port, fresh }, why);
  const node = createNode(startAt, options.port, (death) => {
    become('died', messageOf(death));
    // What cannot be cleaned up must not end this process. The next start says what is in its way.
    acting = node.end().catch((failed: unknown) => become('died', messageOf(failed)));
    options.onCassandraDied(death);
  });

  /**
   * Goes from one of these states to the next, so that a second call is refused meanwhile. Then works. What
   * fails ends as `stopped`, with the reason: from there a person can start it again.
   */
  const act = async (
    from: readonly CassandraState['name'][],
    [next, end]: readonly ['stopping', 'stopped'] | readonly ['starting', 'running'],
    work: () => Promise<void>,
  ): Promise<void> => {
    if (isEnded) throw new Error('the system is being stopped');
    if (!from.includes(state.name)) {
      throw new Error(`expected a Cassandra that is ${from.join(' or ')}, and this one is ${state.name}`);
    }
    become(next);
    const working = acting.then(work).then(
      () => become(end),
      (error: unknown) => {
        become('stopped', messageOf(error));
        throw error;
      },
    );
    // Whoever stops the system waits for the end of it, and has no use for its error.
    acting = working.catch(() => {});
    await working;
  };

  await node.begin(options.fresh ?? false);
  become('running');
  return {
    ...describeNode(options, 'maven', why),
    died: new Promise(() => {}),
    stop: async () => {
      isEnded = true;
      await acting;
      await node.end();
    },
    cassandraSwitch: {
      state: () => state,
      stop: () => act(['running'], ['stopping', 'stopped'], node.end),
      start: () => act(['stopped', 'died'], ['starting', 'running'], () => node.begin(false)),
      slow: (delayMs) => {
        node.slow(delayMs);
        state = { ...state, delayMs };
      },
    },
  };
};

type StartAt = (port: number, fresh: boolean) => Promise<LocalPart>;

/** The process of Cassandra, when there is one, and the relay in front of it, at `relayPort`. */
const createNode = (startAt: StartAt, relayPort: number, onDeath: (error: unknown) => void) => {
  const relay = createCassandraRelay(relayPort);
  let node: LocalPart | undefined;
  const end = async (): Promise<void> => {
    relay.close();
    await node?.stop();
    node = undefined;
  };
  return {
    begin: async (fresh: boolean): Promise<void> => {
      // A stop may have failed before.
      await end();
      await assertPortFree(relayPort, 'Cassandra', '--cassandra-port');
      const port = await findFreePort();
      const started = await startAt(port, fresh);
      try {
        await relay.open(port);
      } catch (error) {
        await started.stop();
        throw error;
      }
      node = started;
      started.died.catch((error: unknown) => {
        if (node === started) onDeath(error);
      });
    },
    /** Ends it. What fails can be tried again. */
    end,
    slow: relay.slow,
  };
};

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : 'it failed');
