import type { Replica, StoredRow } from './cassandra/replica.ts';
import { isDeadLetterOf, valueIn } from './isDeadLetterOf.ts';
import { DEAD_LETTERS, type Message } from './oracle.ts';

/**
 * How many replicas have a dead letter of this message with this reason. A finding has one dead letter,
 * whoever told it last, and its sentence names what it is about.
 */
export const deadLetterHolders = (
  replicas: readonly Replica[],
  message: Message,
  reason: string,
  attributes: Readonly<Record<string, string>> = {},
): number => {
  const holders = new Map<string, number>();
  const finding = attributes[`tally_finding_${reason}`];
  for (const replica of replicas) {
    for (const row of replica.rows(DEAD_LETTERS)) {
      const isIt =
        finding === undefined
          ? isDeadLetterOf(row, message, reason)
          : isOfFinding(row, message, reason, finding);
      if (!isIt) continue;
      holders.set(row.row, (holders.get(row.row) ?? 0) + 1);
    }
  }
  return Math.max(0, ...holders.values());
};

const isOfFinding = (row: StoredRow, { said }: Message, reason: string, finding: string): boolean =>
  said.kind !== 'invalid' &&
  valueIn(row, 'reason') === reason &&
  valueIn(row, 'order_id') === said.orderId &&
  // Versions that come later make the number of rivals in the sentence larger.
  (reason === 'rivals' || finding.includes(JSON.stringify(valueIn(row, 'error'))));
