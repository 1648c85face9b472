import { numbersIn } from './state.ts';
import type { Call, HandlerNodes, Result } from './handlerNodes.ts';

/** What reads see. Sets of writes are bits. */
export interface Views {
  /** The largest set of writes that looks to a read like this one. */
  readonly ofRead: (read: number, bits: number) => number;
  /** All sets of writes that a read can see, each in its largest form. */
  readonly allOf: (read: number) => readonly number[];
  /** This set, with all writes that handlers read and that would change no read here. */
  readonly closed: (bits: number) => number;
}

/** The views for the writes and reads that are known so far. */
export const createViews = (handlers: HandlerNodes): Views => {
  const viewOf = memoized((read: number) => {
    const relevant = handlers.relevantTo(read);
    const looks = memoized((bits: number) => handlers.lookOf(read, bits));
    return memoized((bits: number) => {
      const seen = bits & relevant;
      const same = numbersIn(relevant).filter((write) => looks(seen | (1 << write)) === looks(seen));
      return same.reduce((most, write) => most | (1 << write), seen);
    });
  });
  const ofRead = (read: number, bits: number): number => viewOf(read)(bits);
  return {
    ofRead,
    allOf: memoized((read: number) => {
      const found = new Set([ofRead(read, 0)]);
      for (const bits of found) {
        for (const write of numbersIn(handlers.relevantTo(read)))
          found.add(ofRead(read, bits | (1 << write)));
      }
      return [...found];
    }),
    closed: memoized((bits: number) => {
      let most = bits;
      for (const write of handlers.writes.keys()) {
        const readers = [...handlers.reads.keys()].filter(
          (read) => (handlers.relevantTo(read) & (1 << write)) !== 0,
        );
        const isThere = readers.every((read) => (ofRead(read, bits) & (1 << write)) !== 0);
        if (readers.length > 0 && isThere) most |= 1 << write;
      }
      return most;
    }),
  };
};

/** Every answer that a call can get. */
export const answersTo = (call: Call, views: Views): readonly Result[] =>
  call.kind === 'read' ? ['failed', ...views.allOf(call.read)] : ['failed', 'done'];

export const memoized = <T>(compute: (key: number) => T): ((key: number) => T) => {
  const known = new Map<number, T>();
  return (key) => {
    const found = known.get(key);
    if (found !== undefined) return found;
    const made = compute(key);
    known.set(key, made);
    return made;
  };
};
