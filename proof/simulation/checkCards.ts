import { DEAD_LETTERS, FACTS, LEDGER } from './oracle.ts';
import type { Replica } from './cassandra/replica.ts';
import { CARD } from './body.ts';
import type { Checks } from './world.ts';

/** I8: no card number is in a table. */
export const checkCards = (replicas: readonly Replica[], violated: Checks['violated']): void => {
  const seen = new Set<unknown>();
  for (const table of [FACTS, LEDGER, DEAD_LETTERS]) {
    for (const replica of replicas) {
      for (const { cells } of replica.rows(table)) {
        if (seen.has(cells)) continue;
        seen.add(cells);
        for (const cell of cells) {
          const value = cell?.value;
          const holdsCard =
            typeof value === 'string'
              ? value.includes(CARD)
              : value instanceof Uint8Array && Buffer.from(value).includes(CARD);
          if (holdsCard) violated('I8', `a card number is in ${table}`);
        }
      }
    }
  }
};
