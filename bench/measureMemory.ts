import type { Progress } from '../local/progress.ts';
import type { EmulatorKind } from './emulators.ts';
import { residentBytes } from './processes.ts';
import { openRoute } from './route.ts';

export interface Memory {
  /** Messages that were accepted and wait. */
  readonly queued: number;
  /** Resident set of the emulator's process. */
  readonly beforeBytes: number;
  readonly afterBytes: number;
  readonly bytesPerMessage: number;
}

/** Queues messages that nobody takes, in an emulator of their own: what its process occupies before and after. */
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
