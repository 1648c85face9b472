import type { Progress } from '../../local/progress.ts';
import { residentBytes } from '../processes.ts';
import { atMost, format, type Result } from '../report/result.ts';
import type { Sizes } from '../sizes.ts';
import { runTraffic } from '../stand/runTraffic.ts';
import type { Stand } from '../stand/stand.ts';
import { startPullSystem, startPushSystem, type System } from '../stand/system.ts';

const MIB = 1024 * 1024;
const TENTHS = 10;
const RESIDENT_MIB_MAX = 200;

/** The memory of the consumers while they handle many events, by push and by pull. */
export const soak = async (stand: Stand, sizes: Sizes, progress: Progress): Promise<Result> => {
  const push = await watch(stand, await startPushSystem(stand, 'soak'), sizes.soakEvents, progress);
  const pull = await watch(stand, await startPullSystem(stand, 'soak_pull'), sizes.soakEvents, progress);
  return {
    sections: [
      {
        title: 'Memory over many events',
        notes: [
          `${format(sizes.soakEvents)} events of \`shop\`. MiB of the largest consumer process after each tenth.`,
        ],
        columns: ['', ...Array.from({ length: TENTHS }, (_, tenth) => `${tenth + 1}`)],
        rows: [push, pull].map(({ name, mib }) => [name, ...mib.map(format)]),
      },
    ],
    targets: [
      atMost('memory of a function process, last tenth over the second', growthOf(push), 1.05),
      atMost('memory of a function process, MiB', Math.max(...push.mib), RESIDENT_MIB_MAX),
      atMost('memory of a worker process, last tenth over the second', growthOf(pull), 1.05),
      atMost('memory of a worker process, MiB', Math.max(...pull.mib), RESIDENT_MIB_MAX),
    ],
    controls: [],
  };
};

interface Watched {
  readonly name: string;
  readonly mib: readonly number[];
}

const watch = async (stand: Stand, system: System, events: number, progress: Progress): Promise<Watched> => {
  const mib: number[] = [];
  try {
    for (let tenth = 0; tenth < TENTHS; tenth += 1) {
      progress({ step: `Memory, ${system.name}`, done: tenth, total: TENTHS });
      await runTraffic(stand, system, { preset: 'shop', orders: Math.ceil(events / 2 / TENTHS) });
      const resident = await Promise.all(system.consumerPids.map(residentBytes));
      mib.push(Math.max(...resident) / MIB);
    }
    return { name: system.name, mib };
  } finally {
    await system.stop();
  }
};

/** The last tenth over the second. In the first, code is still compiled and pools are filled. */
const growthOf = ({ mib }: Watched): number => (mib[TENTHS - 1] ?? 0) / (mib[1] ?? 0);
