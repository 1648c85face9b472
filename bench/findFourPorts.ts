import { randomInt } from 'node:crypto';
import { assertPortsFree } from '../local/ports.ts';

/** Below these, systems take no port for a connection to elsewhere, which may come at any moment. */
const EPHEMERAL_PORTS = 32_768;
const FIRST_PORT = 20_000;
const TRIES_MAX = 100;

/**
 * The first of four free ports in a row, as the functions of `tally up` need them.
 * @throws Error when 100 places were taken.
 */
export const findFourPorts = async (): Promise<number> => {
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    const first = randomInt(FIRST_PORT, EPHEMERAL_PORTS - 4);
    const needed = [0, 1, 2, 3].map((more) => ({
      port: first + more,
      purpose: 'the functions',
      option: '--functions-port',
    }));
    const areFree = await assertPortsFree(needed).then(
      () => true,
      () => false,
    );
    if (areFree) return first;
  }
  throw new Error(`no four free ports in a row were found in ${TRIES_MAX} tries`);
};
