import type { PublisherConfig } from '../config.ts';
import { errorFields } from '../telemetry/errorFields.ts';
import type { Log } from '../telemetry/log.ts';
import type { ConsumerFunction } from '../topology.ts';
import type { ConsumerParts } from './settleMessage.ts';
import { startPulling } from './startPulling.ts';

interface ServedWorker {
  readonly config: PublisherConfig;
  readonly parts: Readonly<Record<ConsumerFunction, ConsumerParts>>;
  readonly log: Log;
  /** Closes what the worker opened. It is called once, after the last message. */
  readonly close: () => Promise<unknown>;
}

/**
 * Consumes all subscriptions until a signal comes, drains, and ends the process. A stream that ends for good
 * ends the process with 1, so that the platform starts another: one subscription that nobody consumes would
 * go unnoticed in a process that looks well.
 */
export const serveWorker = async ({ config, parts, log, close }: ServedWorker): Promise<void> => {
  const pulling = await startPulling({ config, parts });
  let ending: Promise<void> | undefined;
  const end = async (exitCode: number): Promise<void> => {
    try {
      await pulling.drain();
      await close();
      log.info({}, 'drained');
      process.exit(exitCode);
    } catch (error) {
      log.error(errorFields(error), 'not drained');
      process.exit(1);
    }
  };
  for (const signal of ['SIGTERM', 'SIGINT']) {
    process.on(signal, () => {
      const [inHand, waiting] = [pulling.inHand(), pulling.waiting()];
      log.info({ signal, messages_in_hand: inHand, messages_waiting: waiting }, 'draining');
      ending ??= end(0);
    });
  }
  pulling.failed.catch((error: unknown) => {
    log.error(errorFields(error), 'stream ended');
    ending ??= end(1);
  });
  log.info({}, 'pulling');
};
