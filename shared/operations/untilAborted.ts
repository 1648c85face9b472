/** The same items, until the signal comes. A scan may take minutes to find the next one. */
export const untilAborted = async function* <Item>(
  items: AsyncIterable<Item>,
  signal: AbortSignal,
): AsyncGenerator<Item> {
  const iterator = items[Symbol.asyncIterator]();
  let wake: (() => void) | undefined;
  signal.addEventListener('abort', () => wake?.());
  try {
    while (!signal.aborted) {
      const next = await new Promise<IteratorResult<Item> | undefined>((resolve, reject) => {
        wake = () => resolve(undefined);
        iterator.next().then(resolve, reject);
      });
      if (next === undefined || next.done === true) return;
      yield next.value;
    }
  } finally {
    closeSoon(iterator);
  }
};

/** Does not wait: a generator that looks for its next item closes when it has found it. */
export const closeSoon = (iterator: AsyncIterator<unknown>): void => {
  iterator.return?.().catch(() => {});
};
