import { randomInt } from 'node:crypto';
import { assertPortsFree, EPHEMERAL_PORTS, FIRST_FREE_PORT } from '../local/ports.ts';

const PORTS = 7;
const TRIES_MAX = 100;

interface UpPorts {
  /** The first of four. */
  readonly functions: number;
  readonly pubsub: number;
  /** All of them as options of `tally up`. */
  readonly options: readonly string[];
}

/**
 * Finds free ports for everything that `tally up` starts: seven in a row.
 * @throws Error when 100 places were taken.
 */
export const findUpPorts = async (): Promise<UpPorts> => {
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    const first = randomInt(FIRST_FREE_PORT, EPHEMERAL_PORTS - PORTS);
    const needed = Array.from({ length: PORTS }, (_, more) => ({
      port: first + more,
      purpose: 'tally up',
      option: 'another option',
    }));
    const areFree = await assertPortsFree(needed).then(
      () => true,
      () => false,
    );
    if (areFree) return toPorts(first);
  }
  throw new Error(`no ${PORTS} free ports in a row were found in ${TRIES_MAX} tries`);
};

const toPorts = (functions: number): UpPorts => {
  const [pubsub, page, cassandra] = [functions + 4, functions + 5, functions + 6];
  const options = [
    `--functions-port=${functions}`,
    `--pubsub-port=${pubsub}`,
    `--console-port=${page}`,
    `--cassandra-port=${cassandra}`,
  ];
  return { functions, pubsub, options };
};
