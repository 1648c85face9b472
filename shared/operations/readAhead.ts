/**
 * The same items. The next one is asked for while the one before is used, so reading does not add to the time
 * of the work. An item that nobody takes any more is thrown away.
 */
export const readAhead = async function* <Item>(items: AsyncIterable<Item>): AsyncGenerator<Item> {
  const iterator = items[Symbol.asyncIterator]();
  const ask = (): Promise<IteratorResult<Item>> => {
    const next = iterator.next();
    // Whoever stops before it is needed does not hear of its failure.
    next.catch(() => {});
    return next;
  };
  try {
    let next = ask();
    for (;;) {
      const { done, value } = await next;
      if (done === true) return;
      next = ask();
      yield value;
    }
  } finally {
    await iterator.return?.();
  }
};
