import { hash } from 'node:crypto';
import type { PublishedMessage } from '../../local/pubsub/server/message.ts';
import { ATTRIBUTE, FORWARDED_ATTRIBUTE } from '../../shared/messaging/deadLetterAttributes.ts';
import { parseTime } from '../../shared/messaging/parseTime.ts';
import type { SubscriptionSpec } from '../../shared/topology.ts';

/** A larger body is compared by its hash. */
const COMPARED_BYTES_MAX = 4_096;

/** Counts events, each once: what the ledger and the dead letters must have an entry of. */
interface PublishedEvents {
  /**
   * @returns `new`: it brought an event. `equal`: another message of its millisecond has brought it. `copy`:
   * it carries an earlier event. `replay`: the message itself has been delivered before.
   */
  readonly add: (message: PublishedMessage, spec: SubscriptionSpec) => 'new' | 'equal' | 'copy' | 'replay';
  /** How many events were published since the start, in all and in the newest millisecond. */
  readonly counts: () => {
    readonly total: number;
    readonly newestAtMs: number;
    readonly inNewest: number;
    /** Messages that were equal to another one. */
    readonly repeated: number;
  };
}

/**
 * Which messages bring a new event. A redrive and a forwarded copy say in their attributes which event they
 * carry. A dead letter of Tally carries one too. A replay delivers a message id again, and ids only grow.
 * What is left are messages with equal bytes in one millisecond: these are one event (`eventIdOf`). They are
 * compared as they were published, so two bodies that differ in nothing but masked digits would count as two.
 */
export const createPublishedEvents = (): PublishedEvents => {
  let total = 0;
  let newestAtMs = 0;
  let inNewest = 0;
  let repeated = 0;
  const lastId = new Map<string, number>();
  let first: { readonly topic: string; readonly data: Uint8Array } | undefined;
  /** Dead letters that people have edited. The same copy is one event, however often it is sent. */
  const edited = new Set<string>();
  /** The bodies of the newest millisecond. It is empty as long as there is only one. */
  let bodies = new Set<string>();

  const isRepeated = ({ data, publishedAtMs }: PublishedMessage, origin: string): boolean => {
    if (publishedAtMs !== newestAtMs) {
      newestAtMs = publishedAtMs;
      inNewest = 0;
      first = { topic: origin, data };
      bodies = new Set();
      return false;
    }
    if (first !== undefined) bodies.add(bodyKey(first.topic, first.data));
    first = undefined;
    const key = bodyKey(origin, data);
    if (bodies.has(key)) return true;
    bodies.add(key);
    return false;
  };

  return {
    add: (message, spec) => {
      const id = Number(message.messageId);
      if (id <= (lastId.get(spec.name) ?? 0)) return 'replay';
      lastId.set(spec.name, id);
      if (isEdited(message, spec)) {
        const key = `${message.attributes[ATTRIBUTE.originPublishTime]} ${hash('sha256', message.data)}`;
        if (edited.has(key)) return 'copy';
        edited.add(key);
      } else if (isCopy(message)) return 'copy';
      if (isRepeated(message, spec.origin)) {
        repeated += 1;
        return 'equal';
      }
      total += 1;
      inNewest += 1;
      return 'new';
    },
    counts: () => ({ total, newestAtMs, inNewest, repeated }),
  };
};

const isEdited = ({ attributes }: PublishedMessage, { topic, origin }: SubscriptionSpec): boolean =>
  topic === origin && attributes[ATTRIBUTE.editedFrom] !== undefined;

/**
 * A message that says which event it carries: a redrive, a dead letter of Tally, or one that was forwarded.
 * The functions believe no time that is later than the message itself, so neither does this.
 */
const isCopy = ({ attributes, publishedAtMs }: PublishedMessage): boolean =>
  [attributes[ATTRIBUTE.originPublishTime], attributes[FORWARDED_ATTRIBUTE.publishTime]]
    .map(parseTime)
    .some((claim) => claim !== undefined && claim <= publishedAtMs);

const bodyKey = (topic: string, data: Uint8Array): string =>
  data.byteLength <= COMPARED_BYTES_MAX
    ? `${topic}${Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('latin1')}`
    : `${topic}${hash('sha256', data)}`;
