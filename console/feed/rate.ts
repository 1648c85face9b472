/** Rates are means of so long. */
export const RATE_WINDOW_MS = 10_000;
const SLOT_MS = 250;
const SLOTS = RATE_WINDOW_MS / SLOT_MS;

/**
 * Counts what happened, in all and in the last 10 s. It takes the memory of 40 numbers, however much happens.
 */
export interface Rate {
  readonly add: (nowMs: number, count?: number) => void;
  readonly perSecond: (nowMs: number) => number;
  readonly total: () => number;
}

export const createRate = (): Rate => {
  const slots = new Float64Array(SLOTS);
  let newest = 0;
  let total = 0;
  /** Empties the slots between the last event and now. */
  const moveTo = (nowMs: number): void => {
    const slot = Math.floor(nowMs / SLOT_MS);
    if (slot <= newest) return;
    if (slot - newest >= SLOTS) slots.fill(0);
    else for (let at = newest + 1; at <= slot; at += 1) slots[at % SLOTS] = 0;
    newest = slot;
  };
  return {
    add: (nowMs, count = 1) => {
      moveTo(nowMs);
      slots[newest % SLOTS] = (slots[newest % SLOTS] ?? 0) + count;
      total += count;
    },
    perSecond: (nowMs) => {
      moveTo(nowMs);
      return slots.reduce((sum, count) => sum + count, 0) / (RATE_WINDOW_MS / 1_000);
    },
    total: () => total,
  };
};

/** Rates by name, for names that come from the topology or from a fixed list of words. */
export const createRates = () => {
  const rates = new Map<string, Rate>();
  const of = (name: string): Rate => {
    const known = rates.get(name);
    if (known !== undefined) return known;
    const rate = createRate();
    rates.set(name, rate);
    return rate;
  };
  return {
    add: (name: string, nowMs: number, count = 1): void => of(name).add(nowMs, count),
    perSecond: (name: string, nowMs: number): number => rates.get(name)?.perSecond(nowMs) ?? 0,
    total: (name: string): number => rates.get(name)?.total() ?? 0,
  };
};
