import type { Replica } from './cassandra/replica.ts';
import { checkCells } from './checkCells.ts';
import { checkDeadLetters } from './checkDeadLetters.ts';
import type { Expected } from './oracle.ts';
import type { TableChecks } from './world.ts';

/**
 * Compares the tables of a world at rest with the oracle: facts and ledger cell by cell, then every dead
 * letter.
 */
export const checkTables = (replicas: readonly Replica[], expected: Expected, checks: TableChecks): void => {
  checkCells(replicas, expected, checks);
  checkDeadLetters(replicas, expected, checks);
};
