/**
 * The circles of a graph, each as the sorted names of all that reach each other: `a → b → c → a` and
 * `b → a` are one circle. Found with Tarjan's algorithm.
 * @param graph what each name points to. A name that points to itself is a circle of one.
 */
export const findCircles = (
  graph: ReadonlyMap<string, readonly string[]>,
): readonly (readonly string[])[] => {
  const indexes = new Map<string, number>();
  const lowest = new Map<string, number>();
  const open: string[] = [];
  const circles: string[][] = [];

  const visit = (name: string): number => {
    const index = indexes.size;
    indexes.set(name, index);
    lowest.set(name, index);
    open.push(name);
    for (const next of graph.get(name) ?? []) {
      const reached = indexes.has(next) ? (open.includes(next) ? lowest.get(next) : undefined) : visit(next);
      lowest.set(name, Math.min(lowest.get(name) ?? index, reached ?? index));
    }
    if (lowest.get(name) !== index) return lowest.get(name) ?? index;
    const circle = open.splice(open.indexOf(name));
    if (circle.length > 1 || graph.get(name)?.includes(name)) circles.push(circle.toSorted());
    return Number.POSITIVE_INFINITY;
  };
  for (const name of graph.keys()) if (!indexes.has(name)) visit(name);
  return circles;
};
