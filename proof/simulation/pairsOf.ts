import type { Replica } from './cassandra/replica.ts';

/** Each two of these replicas. */
export const pairsOf = (replicas: readonly Replica[]): readonly (readonly [Replica, Replica])[] =>
  replicas.flatMap((one, index) => replicas.slice(index + 1).map((other) => [one, other] as const));
