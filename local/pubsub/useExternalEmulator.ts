import { type Environment, loadPublisherConfig, parseEndpoints } from '../../shared/config.ts';
import type { LocalPart } from '../localPart.ts';
import { untilPortAnswers } from '../ports.ts';

const READY_TIMEOUT_MS = 10_000;

/**
 * Takes the emulator that `PUBSUB_EMULATOR_HOST` names. It is neither started nor stopped here.
 * @param timeoutMs how long it may take to answer; 10,000 unless given.
 * @throws Error when the variable is missing, or nothing answers at its address in time. ConfigError when the
 * variable is malformed.
 */
export const useExternalEmulator = async (
  env: Environment,
  timeoutMs = READY_TIMEOUT_MS,
): Promise<LocalPart> => {
  const { pubsubEmulatorHost: address } = loadPublisherConfig(env);
  const [endpoint] = parseEndpoints(address ?? '') ?? [];
  if (address === undefined || endpoint === undefined)
    throw new Error('--pubsub external: set PUBSUB_EMULATOR_HOST to host:port');
  const { host, port } = endpoint;
  await untilPortAnswers(port, { host, timeoutMs }).catch((error: unknown) => {
    throw new Error(`PUBSUB_EMULATOR_HOST: nothing answers at ${address}`, { cause: error });
  });
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
