import v8 from 'node:v8';
import vm from 'node:vm';
import { runInput, shrink } from './runInput.ts';
import type { Suite, Verdict } from './verdict.ts';

/** The heap is measured after each block of so many inputs. */
const BLOCK = 2_000;
/** How much the heap may grow from the first block to any later one, measured after a garbage collection. */
const HEAP_GROWTH_BYTES_MAX = 24 * 1024 * 1024;
const VIOLATIONS_MAX = 5;
const PAYLOAD_SHOWN_BYTES_MAX = 400;

export interface Violation {
  readonly index: number;
  readonly how: string;
  readonly what: string;
  /** The smallest payload that shows it, as JSON text; a long one is cut. */
  readonly payload: string;
}

export interface Figures {
  readonly inputs: number;
  readonly malformed: number;
  /** The number of inputs with each outcome. */
  readonly outcomes: Readonly<Record<string, number>>;
  readonly violations: readonly Violation[];
  /** The largest growth of the heap, measured after a garbage collection. */
  readonly heapGrowthBytes: number;
}

export interface Range {
  readonly seed: number;
  readonly from: number;
  readonly to: number;
  /** The distance between two inputs: each of two workers takes every second input. */
  readonly step: number;
  /** The run ends after so many violations. Default: 5, because one bug shows in thousands of inputs. */
  readonly violationsMax?: number;
  /** Called before each input, so that a watcher knows which input hangs or kills the thread. */
  readonly onInput?: (index: number) => void;
}

/** Runs all inputs of a range. After each block it checks the heap and looks for unhandled rejections. */
export const runRange = async (
  suite: Suite,
  { seed, from, to, step, violationsMax = VIOLATIONS_MAX, onInput }: Range,
): Promise<Figures> => {
  const outcomes: Record<string, number> = {};
  const violations: Violation[] = [];
  let inputs = 0;
  let malformed = 0;
  let firstHeapBytes: number | undefined;
  let heapGrowthBytes = 0;
  const rejections = watchRejections();

  const report = (index: number, how: string, what: string, payload = ''): void => {
    if (violations.length < violationsMax) violations.push({ index, how, what, payload });
  };
  const lookAround = async (index: number): Promise<void> => {
    await new Promise(setImmediate);
    const rejection = rejections.take();
    if (rejection !== undefined) report(index, 'the block before it', `unhandled rejection: ${rejection}`);
    const heapBytes = collectedHeapBytes();
    firstHeapBytes ??= heapBytes;
    heapGrowthBytes = Math.max(heapGrowthBytes, heapBytes - firstHeapBytes);
    if (heapBytes - firstHeapBytes > HEAP_GROWTH_BYTES_MAX) {
      report(index, 'the block before it', `the heap grew by ${heapBytes - firstHeapBytes} bytes`);
    }
  };

  for (let index = from; index < to && violations.length < violationsMax; index += step) {
    onInput?.(index);
    const input = suite(seed, index);
    const verdict = await runInput(input);
    inputs += 1;
    if (verdict.isMalformed) malformed += 1;
    outcomes[verdict.outcome] = (outcomes[verdict.outcome] ?? 0) + 1;
    if (verdict.violation !== undefined) {
      const smallest = await shrink(input, verdict);
      const { violation = verdict.violation }: Verdict = await runInput(input, smallest);
      report(index, input.how, violation, shown(smallest));
    }
    if (inputs % BLOCK === 0) await lookAround(index);
  }
  await lookAround(to);
  rejections.stop();
  return { inputs, malformed, outcomes, violations, heapGrowthBytes };
};

const shown = (payload: Buffer): string => {
  const text = JSON.stringify(payload.subarray(0, PAYLOAD_SHOWN_BYTES_MAX).toString('latin1'));
  return payload.length > PAYLOAD_SHOWN_BYTES_MAX ? `${text} … (${payload.length} bytes)` : text;
};

const watchRejections = () => {
  let last: string | undefined;
  const onRejection = (reason: unknown): void => {
    last = reason instanceof Error ? (reason.stack ?? reason.message) : 'something that is not an Error';
  };
  process.on('unhandledRejection', onRejection);
  return {
    take: (): string | undefined => {
      const taken = last;
      last = undefined;
      return taken;
    },
    stop: () => process.off('unhandledRejection', onRejection),
  };
};

let collect: (() => void) | undefined;

/** The size of the heap after a full garbage collection. */
const collectedHeapBytes = (): number => {
  if (collect === undefined) {
    v8.setFlagsFromString('--expose-gc');
    collect = vm.runInNewContext('gc') as () => void;
  }
  collect();
  return v8.getHeapStatistics().used_heap_size;
};
