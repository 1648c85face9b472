import { startService } from '../compose.ts';
import type { LocalPart } from '../localPart.ts';
import { assertPortFree } from '../ports.ts';

/** Starts Google's emulator in Docker, as `docker-compose.yml` describes it. It keeps no state. */
export const startDockerEmulator = async (port: number, why: string): Promise<LocalPart> => {
  await assertPortFree(port, 'Pub/Sub', '--pubsub-port');
  const stop = await startService({
    service: 'pubsub',
    portVariable: 'TALLY_PUBSUB_PORT',
    port,
    keepsData: false,
  });
  const address = `127.0.0.1:${port}`;
  return {
    name: 'Pub/Sub',
    kind: 'docker',
    address,
    why,
    keepsState: false,
    env: { PUBSUB_EMULATOR_HOST: address },
    died: new Promise(() => {}),
    stop,
  };
};
