import { inspectDeadLetter, type LedgerIds } from '../../shared/audit/inspectDeadLetter.ts';
import type { DeadLetterAction } from '../../shared/domain/deadLetterAction.ts';
import { formatPlace } from '../../shared/domain/deadLetterPlace.ts';
import type { DeadLetterRow } from '../../shared/store/auditSource.ts';
import { DEAD_LETTER_TOPIC, INPUT_TOPICS } from '../../shared/topology.ts';
import type { ToldLetter } from '../contract.ts';

/**
 * A dead letter as the page shows it.
 * @param ids those of its order's ledger; undefined when it names no order.
 */
export const toToldLetter = (
  row: DeadLetterRow,
  ids: LedgerIds | undefined,
  actions: readonly DeadLetterAction[],
): ToldLetter => ({
  id: row.id,
  place: formatPlace(row),
  reason: row.reason,
  error: row.error,
  isOpen: inspectDeadLetter(row, ids, actions).isOpen,
  publishedAtMs: row.publishedAtMs,
  recordedAtMs: row.recordedAtMs ?? null,
  toldBy: row.toldBy,
  topic: topicOf(row.originTopic),
});

const topicOf = (originTopic: string): string => {
  const input = INPUT_TOPICS.find((name) => name === originTopic);
  return input === undefined ? originTopic : DEAD_LETTER_TOPIC[input];
};
