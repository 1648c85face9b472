import { alreadyExists, notFound, stopped } from './statusError.ts';

/** The topics, or the subscriptions, by their full names. */
export interface Registry<T> {
  /** @throws StatusError ALREADY_EXISTS */
  readonly assertFree: (name: string) => void;
  /** The name must be free. */
  readonly add: (item: T) => void;
  /** @throws StatusError NOT_FOUND; after `close` UNAVAILABLE. */
  readonly find: (name: string) => T;
  readonly has: (name: string) => boolean;
  readonly remove: (name: string) => void;
  /** The oldest first. */
  readonly all: () => T[];
  readonly sortedByName: () => T[];
  /** From now on `find` answers that the server stops. */
  readonly close: () => void;
}

export const createRegistry = <T>(nameOf: (item: T) => string): Registry<T> => {
  const items = new Map<string, T>();
  let isClosed = false;
  return {
    assertFree: (name) => {
      if (items.has(name)) throw alreadyExists(name);
    },
    add: (item) => {
      items.set(nameOf(item), item);
    },
    find: (name) => {
      if (isClosed) throw stopped();
      const item = items.get(name);
      if (item === undefined) throw notFound(name);
      return item;
    },
    has: (name) => items.has(name),
    remove: (name) => {
      items.delete(name);
    },
    all: () => [...items.values()],
    sortedByName: () => [...items.values()].toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1)),
    close: () => {
      isClosed = true;
    },
  };
};
