import type { Automaton } from './automaton.ts';

/** For each place: what the handler, and every handler that follows from it, may still do. */
export interface Futures {
  /** The writes that can change the outcome of its reads, as bits. */
  readonly reads: readonly number[];
  /** Its writes, as bits. */
  readonly writes: readonly number[];
}

/** @param withFaults whether calls may fail, and a handler may crash and begin again. */
export const futuresOf = ({ places, starts }: Automaton, withFaults: boolean): Futures => {
  const reads = places.map(() => 0);
  const writes = places.map(() => 0);
  const next = places.map(({ message, status, waiting }, place) => {
    const found = new Set<number>();
    if (status === undefined ? withFaults : status !== 204) found.add(starts[message] ?? -1);
    for (const { kind, number, matters, done, failed, afterRead } of waiting) {
      if (kind === 'write') writes[place] = (writes[place] ?? 0) | (1 << number);
      if (kind === 'read') reads[place] = (reads[place] ?? 0) | matters;
      if (status !== undefined) continue;
      if (kind === 'publish') found.add(starts[number] ?? -1);
      if (kind === 'read') for (const later of afterRead) found.add(later);
      else found.add(done);
      if (withFaults) found.add(failed);
    }
    return [...found];
  });
  for (let isChanged = true; isChanged;) {
    isChanged = false;
    for (const [place, later] of next.entries()) {
      for (const bits of [reads, writes]) {
        const all = later.reduce((sum, other) => sum | (bits[other] ?? 0), bits[place] ?? 0);
        if (all === bits[place]) continue;
        bits[place] = all;
        isChanged = true;
      }
    }
  }
  return { reads, writes };
};
