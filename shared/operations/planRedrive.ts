import type { DeadLetterAction } from '../domain/deadLetterAction.ts';
import { maskBody } from '../masking/maskBody.ts';
import { ATTRIBUTE } from '../messaging/deadLetterAttributes.ts';
import { eventIdOf } from '../messaging/eventIdOf.ts';
import type { OutgoingMessage } from '../messaging/publisher.ts';
import type { DeadLetterRow } from '../store/auditSource.ts';
import { INPUT_TOPICS, type InputTopic } from '../topology.ts';

/** An event that was put back so often will not succeed the next time either. */
export const REDRIVES_MAX = 10;

/** What a redrive of one dead letter would do. */
export type RedrivePlan =
  | {
      readonly kind: 'send';
      readonly topic: InputTopic;
      readonly message: OutgoingMessage;
      /** How often the event has been redriven then. */
      readonly redrives: number;
    }
  | { readonly kind: 'refuse'; readonly why: string };

/**
 * Decides what to publish, so that the same event arrives again: its bytes, its first publish time and its
 * first message id. Then the ledger stays one entry. Pure.
 * @param payload the dead letter's payload, whole or cut.
 * @param actions what operators did with the dead letters of the event before.
 */
export const planRedrive = (
  row: DeadLetterRow,
  payload: Uint8Array,
  actions: readonly DeadLetterAction[],
): RedrivePlan => {
  const topic = inputTopicOf(row.originTopic);
  const redrives = redrivesOf(row, actions) + 1;
  if (topic === undefined) return refuse('its topic is unknown');
  if (row.payloadSha256 !== undefined) {
    return refuse('its payload was cut, so the message is not here: its producer has to send it again');
  }
  if (actions.some(({ kind }) => kind === 'erased')) return refuse('its payload was erased');
  if (redrives > REDRIVES_MAX) {
    return refuse(`it was redriven ${REDRIVES_MAX} times already: edit it, or discard it`);
  }
  if (eventIdOf(topic, row.publishedAtMs, maskBody(payload).idData) !== row.toldBy) {
    return refuse('its payload is not what was published, so it would become another event');
  }
  return {
    kind: 'send',
    topic,
    redrives,
    message: { data: payload, attributes: attributesOf(row, redrives) },
  };
};

/** How often the event of a dead letter has been redriven: what came back with it, or what was done since. */
const redrivesOf = (row: DeadLetterRow, actions: readonly DeadLetterAction[]): number =>
  Math.max(row.redriveCount, ...actions.map(({ redrives }) => redrives ?? 0));

/** The input topic of a name; undefined for any other name. */
export const inputTopicOf = (name: string): InputTopic | undefined =>
  INPUT_TOPICS.find((topic) => topic === name);

const refuse = (why: string): RedrivePlan => ({ kind: 'refuse', why });

const attributesOf = (row: DeadLetterRow, redrives: number): Record<string, string> => ({
  [ATTRIBUTE.eventId]: row.toldBy,
  [ATTRIBUTE.originTopic]: row.originTopic,
  [ATTRIBUTE.originMessageId]: row.originMessageId,
  [ATTRIBUTE.originPublishTime]: new Date(row.publishedAtMs).toISOString(),
  [ATTRIBUTE.redriveCount]: String(redrives),
  ...(row.isRedacted ? { [ATTRIBUTE.redacted]: 'card_number' } : {}),
});
