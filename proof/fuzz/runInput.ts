import type { Input, Verdict } from './verdict.ts';

/** Of the processor's time, so that a busy machine fails nothing. Megabytes may take longer; a JIT's first run may too. */
const CPU_MS_MAX = 3_000;
const CPU_MS_PER_MEGABYTE = 1_500;
const SHRINK_RUNS_MAX = 200;

const PROTOTYPES = [Object.prototype, Array.prototype, Function.prototype, String.prototype, Map.prototype];
const PRISTINE = PROTOTYPES.map((prototype) => new Set(Reflect.ownKeys(prototype)));

/** Runs one input. Whatever is thrown, however long it takes and whatever it leaves in a prototype is a violation. */
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

/** What is in a prototype that was not there before; it is taken out again, so that the next input starts clean. */
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

/** What is wrong, without what differs from one payload to the next. */
const kindOf = ({ violation = '' }: Verdict): string => violation.replaceAll(/[0-9]+/g, 'n').slice(0, 24);

/** A smaller payload with the same violation: halves are left out, then quarters, down to single bytes. */
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
