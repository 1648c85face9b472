import { join } from 'node:path';
import { findFreePort } from '../../local/ports.ts';
import type { Python } from '../reference/findPython.ts';
import { type OutcomeReader, parseAcknowledged, readOutcomes } from './readOutcomes.ts';
import type { Stand } from './stand.ts';
import { type Measured, startQuiet, startQuietFunction } from './startQuiet.ts';

/** A simulator and the consumers of its messages, on a keyspace and a project that no other system has. */
export interface System {
  readonly name: string;
  readonly env: Readonly<Record<string, string>>;
  readonly consumerPids: readonly number[];
  /** The port of each function, for a system that is pushed to. */
  readonly ports: Readonly<Record<string, number>>;
  readonly simulator: { readonly pid: number; readonly url: string };
  readonly outcomes: OutcomeReader;
  /** What the consumers print. */
  readonly outputFiles: readonly string[];
  /** Lets the consumers begin. Only a system that `holdsBacklog` needs it. */
  readonly begin: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

const CONSUMERS = ['onOrder', 'onPayment', 'onDlq'] as const;

interface PushOptions {
  /** The folder of the functions' code; each function's own when left out. */
  readonly source?: string;
  /** Default false. True: Pub/Sub pushes nothing before `begin`. */
  readonly holdsBacklog?: boolean;
}

/** The three functions behind the Functions Framework, and Pub/Sub pushes to them. */
export const startPushSystem = async (
  stand: Stand,
  name: string,
  { source, holdsBacklog = false }: PushOptions = {},
): Promise<System> => {
  const env = await stand.open(name);
  const ports: Record<string, number> = {};
  const consumers: Measured[] = [];
  for (const consumer of CONSUMERS) {
    const port = await findFreePort();
    ports[consumer] = port;
    consumers.push(await startQuietFunction(consumer, { port, env, source }));
  }
  const urls = Object.fromEntries(
    Object.entries(ports).map(([consumer, port]) => [consumer, `http://127.0.0.1:${port}`]),
  );
  await stand.provision(env, holdsBacklog ? {} : urls);
  const system = await complete(
    name,
    env,
    consumers,
    await readOutcomes(consumers.map(({ outputFile }) => outputFile)),
  );
  return { ...system, ports, begin: () => stand.provision(env, urls) };
};

/** Workers that pull. */
export const startPullSystem = async (stand: Stand, name: string, workers = 1): Promise<System> => {
  const env = await stand.open(name);
  await stand.provision(env, {});
  const args = [join('functions', 'worker', 'index.ts')];
  const consumers = await Promise.all(
    Array.from({ length: workers }, () =>
      startQuiet({ name: 'worker', args, env, ready: { text: '"pulling"' } }),
    ),
  );
  return complete(name, env, consumers, await readOutcomes(consumers.map(({ outputFile }) => outputFile)));
};

/** The reference's two consumers, in Python where there is one. */
export const startReferenceSystem = async (stand: Stand, name: string, python: Python): Promise<System> => {
  const env = await stand.open(name);
  await stand.provision(env, {});
  const file = join('bench', 'reference', 'command' in python ? 'consumer.py' : 'consumer.ts');
  const command = 'command' in python ? { command: python.command } : {};
  const consumers = await Promise.all(
    ['orders', 'payments'].map((stream) =>
      startQuiet({
        name: `reference-${stream}`,
        ...command,
        args: [file, stream],
        env,
        ready: { text: 'ready' },
      }),
    ),
  );
  const files = consumers.map(({ outputFile }) => outputFile);
  return complete(name, env, consumers, await readOutcomes(files, parseAcknowledged));
};

const complete = async (
  name: string,
  env: Readonly<Record<string, string>>,
  consumers: readonly Measured[],
  outcomes: OutcomeReader,
): Promise<System> => {
  const port = await findFreePort();
  const simulator = await startQuietFunction('simulate', { port, env });
  const all = [...consumers, simulator];
  return {
    name,
    env,
    consumerPids: consumers.map(({ pid }) => pid),
    ports: {},
    simulator: { pid: simulator.pid, url: `http://127.0.0.1:${port}` },
    outcomes,
    outputFiles: consumers.map(({ outputFile }) => outputFile),
    begin: async () => {},
    stop: async () => {
      await outcomes.close();
      await Promise.all(all.map((one) => one.stop()));
    },
  };
};
