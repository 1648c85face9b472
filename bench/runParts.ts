import type { Progress } from '../local/progress.ts';
import type { PartName } from './chooseParts.ts';
import { EVENT_KINDS, type EventKind } from './load/eventKinds.ts';
import type { Installed } from './deployedFunction.ts';
import { backlog } from './parts/backlog.ts';
import { cost } from './parts/cost.ts';
import { counts } from './parts/counts.ts';
import { endToEnd } from './parts/endToEnd.ts';
import { handlers } from './parts/handlers.ts';
import { laptop } from './parts/laptop.ts';
import { ledgers } from './parts/ledgers.ts';
import { nodes } from './parts/nodes.ts';
import { openLoop } from './parts/openLoop.ts';
import { processes } from './parts/processes.ts';
import { simulator } from './parts/simulator.ts';
import { soak } from './parts/soak.ts';
import { starts } from './parts/starts.ts';
import { storePort } from './parts/storePort.ts';
import { tables } from './parts/tables.ts';
import { workers } from './parts/workers.ts';
import type { Result } from './report/result.ts';
import type { Sizes } from './sizes.ts';
import type { Stand } from './stand/stand.ts';
import { removeOutputs } from './stand/startQuiet.ts';

const QUICK_KINDS: readonly EventKind[] = ['order', 'matched payment'];

interface RunOptions {
  readonly stand: Stand;
  readonly sizes: Sizes;
  readonly isQuick: boolean;
  /** What `starts` starts; undefined without that part. */
  readonly installed: Installed | undefined;
  readonly progress: Progress;
  /** Takes what a part has found, as soon as it has. */
  readonly onResult: (result: Result) => void;
}

/** Runs these parts one after the other. The cost is there when `counts` and `end-to-end` both are. */
export const runParts = async (names: ReadonlySet<PartName>, options: RunOptions): Promise<void> => {
  const { stand, sizes, isQuick, installed, progress, onResult } = options;
  const keep = async <One extends Result>(
    name: PartName,
    run: () => Promise<One>,
  ): Promise<One | undefined> => {
    if (!names.has(name)) return undefined;
    const result = await run();
    onResult(result);
    // What a part that fails has left behind may say why.
    await removeOutputs();
    return result;
  };
  const counted = await keep('counts', () => counts(stand, progress));
  const whole = await keep('end-to-end', () => endToEnd(stand, sizes, progress));
  if (counted !== undefined && whole !== undefined) onResult(cost(counted, whole));
  await keep('handlers', () => handlers(stand, sizes, isQuick ? QUICK_KINDS : EVENT_KINDS, progress));
  await keep('store-port', () => storePort(stand, sizes, progress));
  if (whole !== undefined) await keep('open-loop', () => openLoop(stand, sizes, whole.capacity, progress));
  if (installed !== undefined) await keep('starts', () => starts(installed, sizes, progress));
  await keep('simulator', () => simulator(stand, sizes, progress));
  await keep('backlog', () => backlog(stand, sizes, progress));
  await keep('workers', () => workers(stand, sizes, progress));
  await keep('processes', () => processes(stand, sizes, progress));
  await keep('nodes', () => nodes(stand, sizes, progress));
  await keep('laptop', () => laptop(stand, sizes, progress));
  await keep('ledgers', () => ledgers(stand, sizes, progress));
  await keep('tables', () => tables(stand, sizes, progress));
  await keep('soak', () => soak(stand, sizes, progress));
};
