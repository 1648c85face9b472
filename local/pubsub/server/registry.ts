import { assertResourceName, type ResourceKind } from './assertResourceName.ts';
import { alreadyExists, notFound, stopped } from './statusError.ts';

/** The topics, or the subscriptions, by their full names. */
export interface Registry<T> {
  /** @throws StatusError ALREADY_EXISTS */
  readonly assertFree: (name: string) => void;
  /** Replaces the item of that name, if there is one. */
  readonly add: (item: T) => void;
  /** @throws StatusError NOT_FOUND, or INVALID_ARGUMENT for no name at all; after `close` UNAVAILABLE. */
  readonly find: (name: string) => T;
  readonly has: (name: string) => boolean;
  /** @throws StatusError as `find` does. */
  readonly remove: (name: string) => void;
  /** The oldest first. */
  readonly all: () => T[];
  readonly sortedByName: () => T[];
  /** From now on `find` answers that the server stops. */
  readonly close: () => void;
}

export const createRegistry = <T>(kind: ResourceKind, nameOf: (item: T) => string): Registry<T> => {
  const items = new Map<string, T>();
  let isClosed = false;
  const find = (name: string): T => {
    if (isClosed) throw stopped();
    const item = items.get(name);
    if (item !== undefined) return item;
    assertResourceName(kind, name);
    throw notFound(name);
  };
  return {
    assertFree: (name) => {
      if (items.has(name)) throw alreadyExists(name);
    },
    add: (item) => {
      items.set(nameOf(item), item);
    },
    find,
    has: (name) => items.has(name),
    remove: (name) => {
      find(name);
      items.delete(name);
    },
    all: () => [...items.values()],
    sortedByName: () => [...items.values()].toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1)),
    close: () => {
      isClosed = true;
    },
  };
};
