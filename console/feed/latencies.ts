const SLOT_MS = 1_000;
const SLOTS = 12;
/** Buckets for each doubling of the time: a value is known to within 5%. */
const BUCKETS_PER_DOUBLING = 16;
/** Up to 2^22 ms, more than an hour. What took longer is in the last one. */
const BUCKETS = 22 * BUCKETS_PER_DOUBLING;

export interface Percentiles {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

/** How long things took in the last seconds. It takes the same memory, however many there are. */
interface Latencies {
  readonly add: (nowMs: number, tookMs: number) => void;
  /**
   * In milliseconds, within 5%; undefined when nothing was added.
   * @param windowMs how far back it looks; at most 11 s.
   */
  readonly percentiles: (nowMs: number, windowMs: number) => Percentiles | undefined;
}

export const createLatencies = (): Latencies => {
  const slots = Array.from({ length: SLOTS }, () => ({ second: -1, buckets: new Uint32Array(BUCKETS) }));
  return {
    add: (nowMs, tookMs) => {
      const second = Math.floor(nowMs / SLOT_MS);
      const slot = slots[second % SLOTS];
      if (slot === undefined) return;
      if (slot.second !== second) {
        slot.second = second;
        slot.buckets.fill(0);
      }
      const bucket = bucketOf(tookMs);
      slot.buckets[bucket] = (slot.buckets[bucket] ?? 0) + 1;
    },
    percentiles: (nowMs, windowMs) => {
      const from = Math.floor((nowMs - windowMs) / SLOT_MS);
      const sums = new Float64Array(BUCKETS);
      let count = 0;
      for (const { second, buckets } of slots) {
        if (second <= from) continue;
        for (const [bucket, here] of buckets.entries()) {
          sums[bucket] = (sums[bucket] ?? 0) + here;
          count += here;
        }
      }
      if (count === 0) return undefined;
      const at = (share: number): number => {
        const wanted = Math.ceil(count * share);
        let seen = 0;
        return middleOf(
          sums.findIndex((here) => {
            seen += here;
            return seen >= wanted;
          }),
        );
      };
      return { p50: at(0.5), p95: at(0.95), p99: at(0.99) };
    },
  };
};

const bucketOf = (tookMs: number): number =>
  Math.min(BUCKETS - 1, Math.round(Math.log2(1 + Math.max(0, tookMs)) * BUCKETS_PER_DOUBLING));

const middleOf = (bucket: number): number => {
  const ms = 2 ** (bucket / BUCKETS_PER_DOUBLING) - 1;
  return ms < 10 ? Math.round(ms * 10) / 10 : Math.round(ms);
};
