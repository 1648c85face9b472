import type { Input, Verdict } from './verdict.ts';

/**
 * The limit is on processor time, so a busy machine changes nothing. It leaves time for the first run of code
 * that the JIT has not compiled, and a body of megabytes may take longer.
 */
const CPU_MS_MAX = 3_000;
const CPU_MS_PER_MEGABYTE = 1_500;
const SHRINK_RUNS_MAX = 200;

const PROTOTYPES = [Object.prototype, Array.prototype, Function.prototype, String.prototype, Map.prototype];
const PRISTINE = PROTOTYPES.map((prototype) => new Set(Reflect.ownKeys(prototype)));

/** Runs one input. A throw, too much processor time, and a change of a prototype are violations. */
export const runInput = async (input: Input, payload = input.payload): Promise<Verdict> => {
  const startedAt = process.threadCpuUsage();
  const verdict = await input.check(payload).catch((error: unknown) => thrown(error));
  const { user, system } = process.threadCpuUsage(startedAt);
  const cpuMs = (user + system) / 1_000;
  const polluted = restorePrototypes();
  const limitMs = CPU_MS_MAX + (CPU_MS_PER_MEGABYTE * payload.byteLength) / 1e6;
  if (polluted !== undefined) return { ...verdict, violation: `left "${polluted}" in a prototype` };
  if (cpuMs > limitMs) return { ...verdict, violation: `took ${Math.round(cpuMs)} ms of the processor` };
  return verdict;
};

const thrown = (error: unknown): Verdict => ({
  outcome: 'thrown',
  isMalformed: true,
  violation: `threw ${error instanceof Error ? `${error.name}: ${error.message}` : 'something that is not an Error'}`,
});

/**
 * Finds the keys that an input added to a prototype. It deletes them, so that the next input starts clean.
 */
const restorePrototypes = (): string | undefined => {
  const at = PROTOTYPES.findIndex(
    (prototype, index) => Reflect.ownKeys(prototype).length !== PRISTINE[index]?.size,
  );
  const prototype = PROTOTYPES[at];
  if (prototype === undefined) return undefined;
  const added = Reflect.ownKeys(prototype).filter((key) => PRISTINE[at]?.has(key) === false);
  for (const key of added) Reflect.deleteProperty(prototype, key);
  return added.map(String).join(', ');
};

/** The kind of a violation: the beginning of its text, without the numbers, which differ between payloads. */
const kindOf = ({ violation = '' }: Verdict): string => violation.replaceAll(/[0-9]+/g, 'n').slice(0, 24);

/**
 * Finds a smaller payload with the same kind of violation. It leaves out halves, then quarters, then single
 * bytes.
 */
export const shrink = async (input: Input, found: Verdict): Promise<Buffer> => {
  let smallest = input.payload;
  let runs = 0;
  for (let size = Math.ceil(smallest.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = 0; at < smallest.length && runs < SHRINK_RUNS_MAX; runs += 1) {
      const candidate = Buffer.concat([smallest.subarray(0, at), smallest.subarray(at + size)]);
      const verdict = await runInput(input, candidate);
      if (verdict.violation !== undefined && kindOf(verdict) === kindOf(found)) smallest = candidate;
      else at += size;
    }
  }
  return smallest;
};
