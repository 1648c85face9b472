import type { Replica } from './cassandra/replica.ts';
import { checkCells } from './cellCheck.ts';
import type { TableChecks } from './checks.ts';
import { checkDeadLetters } from './deadLetterCheck.ts';
import type { Expected } from './oracle.ts';

/** Holds facts and ledger of a world at rest against the oracle's, cell by cell, and explains every dead letter. */
export const checkTables = (replicas: readonly Replica[], expected: Expected, checks: TableChecks): void => {
  checkCells(replicas, expected, checks);
  checkDeadLetters(replicas, expected, checks);
};
