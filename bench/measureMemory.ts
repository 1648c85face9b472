import type { Progress } from '../local/progress.ts';
import type { EmulatorKind } from './emulators.ts';
import { residentBytes } from './processes.ts';
import { openRoute } from './openRoute.ts';

export interface Memory {
  /** The messages that the emulator accepted. They all wait. */
  readonly queued: number;
  /** The resident set of the emulator's process, before and after the messages are published. */
  readonly beforeBytes: number;
  readonly afterBytes: number;
  readonly bytesPerMessage: number;
}

/**
 * Starts a new emulator, publishes messages that nobody receives, and measures the memory of its process
 * before and after.
 */
export const measureMemory = async (
  kind: EmulatorKind,
  messages: number,
  progress: Progress,
): Promise<Memory> => {
  const emulator = await kind.start();
  try {
    const route = await openRoute(emulator);
    const beforeBytes = await residentBytes(emulator.pid);
    const published = await Promise.race([
      route.publish(messages, (done) =>
        progress({ step: `${emulator.name}, memory`, done, total: messages }),
      ),
      emulator.died,
    ]);
    const afterBytes = await residentBytes(emulator.pid);
    await route.remove();
    const queued = published.size;
    return { queued, beforeBytes, afterBytes, bytesPerMessage: (afterBytes - beforeBytes) / queued };
  } finally {
    await emulator.stop();
  }
};
