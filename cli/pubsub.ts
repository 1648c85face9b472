import { startLocalPubSub } from '../local/pubsub/startLocalPubSub.ts';
import type { FaultSettings } from '../local/pubsub/server/faults.ts';
import { toJsonLine } from './toJsonLine.ts';
import { waitForInterrupt } from './waitForInterrupt.ts';

interface PubSubCommandOptions {
  readonly port: number;
  readonly host: string | undefined;
  readonly faults: FaultSettings | undefined;
  readonly json: boolean;
}

/** Starts the local Pub/Sub alone, says how to reach it, and stays until a signal comes. */
export const pubsubCommand = async (options: PubSubCommandOptions): Promise<void> => {
  const { port, host, faults, json } = options;
  const { interrupted, orInterrupted } = waitForInterrupt();
  const pubsub = await orInterrupted(
    startLocalPubSub({ port, portOption: '--port', host, why: 'tally pubsub', faults }),
  );
  const { address, notice } = pubsub;
  const ready = json
    ? toJsonLine({ event: 'ready', pubsub: address, notices: [notice] })
    : `${notice}\n\nexport PUBSUB_EMULATOR_HOST=${address}\n\nCtrl-C stops it.`;
  console.log(ready);
  await interrupted;
  await pubsub.stop();
};
