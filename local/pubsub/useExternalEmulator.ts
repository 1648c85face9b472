import { type Environment, valueIn } from '../../shared/config.ts';
import type { LocalPart } from '../localPart.ts';
import { untilPortAnswers } from '../ports.ts';

const READY_TIMEOUT_MS = 10_000;

/**
 * Takes the emulator that `PUBSUB_EMULATOR_HOST` names. It is neither started nor stopped here.
 * @throws Error when the variable is missing, or nothing answers at its address within 10 s.
 */
export const useExternalEmulator = async (env: Environment): Promise<LocalPart> => {
  const address = valueIn(env, 'PUBSUB_EMULATOR_HOST');
  if (address === undefined) throw new Error('--pubsub external: set PUBSUB_EMULATOR_HOST to host:port');
  const { hostname, port } = new URL(`http://${address}`);
  await untilPortAnswers(Number(port), { host: hostname, timeoutMs: READY_TIMEOUT_MS }).catch(
    (error: unknown) => {
      throw new Error(`PUBSUB_EMULATOR_HOST: nothing answers at ${address}`, { cause: error });
    },
  );
  return {
    name: 'Pub/Sub',
    kind: 'external',
    address,
    why: 'PUBSUB_EMULATOR_HOST is set',
    keepsState: true,
    env: { PUBSUB_EMULATOR_HOST: address },
    died: new Promise(() => {}),
    stop: async () => {},
  };
};
