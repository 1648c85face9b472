import type { Replication } from '../../config.ts';

/**
 * The replication as CQL, the data centres in the order of their names.
 * `{ strategy: 'SimpleStrategy', factor: 1 }` → `{'class': 'SimpleStrategy', 'replication_factor': 1}`.
 */
export const formatReplication = (replication: Replication): string => {
  const factors: Readonly<Record<string, number>> =
    replication.strategy === 'SimpleStrategy'
      ? { replication_factor: replication.factor }
      : replication.factors;
  const names = Object.keys(factors).toSorted();
  const entries = names.map((name) => `'${name}': ${factors[name]}`);
  return `{'class': '${replication.strategy}', ${entries.join(', ')}}`;
};
