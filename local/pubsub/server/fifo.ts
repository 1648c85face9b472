/** Items in the order in which they came. To find and drop the first takes the same time for any number. */
interface Fifo<T> {
  readonly add: (item: T) => void;
  readonly first: () => T | undefined;
  readonly dropFirst: () => void;
  /** @returns the items that it has taken out. */
  readonly removeWhere: (isMeant: (item: T) => boolean) => T[];
  readonly all: () => T[];
  readonly count: () => number;
  readonly clear: () => void;
}

/**
 * An array and the place of its first item. To take the first out of a long array would move all others. A
 * set keeps a hole where one was, and walks over all holes to find its first again.
 */
export const createFifo = <T extends object>(): Fifo<T> => {
  let items: (T | undefined)[] = [];
  let head = 0;
  const all = (): T[] => items.slice(head).filter((item) => item !== undefined);
  const replaceBy = (next: T[]): void => {
    items = next;
    head = 0;
  };
  return {
    add: (item) => void items.push(item),
    first: () => items[head],
    dropFirst: () => {
      // What is dropped must not stay in memory until the next cut.
      items[head] = undefined;
      head += 1;
      if (head * 2 > items.length) replaceBy(all());
    },
    removeWhere: (isMeant) => {
      const [meant, others]: [T[], T[]] = [[], []];
      for (const item of all()) (isMeant(item) ? meant : others).push(item);
      replaceBy(others);
      return meant;
    },
    all,
    count: () => items.length - head,
    clear: () => replaceBy([]),
  };
};
