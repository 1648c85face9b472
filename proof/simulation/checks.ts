import { ATTRIBUTE } from '../../shared/messaging/deadLetterAttributes.ts';
import { CARD } from './body.ts';
import type { Cells } from './cassandra/cells.ts';
import { checkAck, type Watch } from './checkAck.ts';
import { checkPlace } from './checkPlace.ts';
import { DEAD_LETTERS, type Erasure, FACTS, LEDGER, type Message, type Story } from './oracle.ts';
import type { PromiseName, Violation } from './violation.ts';
import { watchRow } from './watchRow.ts';
import type { Checks, Cluster, QueuedMessage } from './world.ts';

/** The checks of one schedule: what must hold at each answer, and after each mutation. */
export const createChecks = (story: Story, clusterOf: () => Cluster): Checks => {
  const violations: Violation[] = [];
  const acked = new Set<Message>();
  const carrierIds = new Map<Message, Set<string>>();
  const redriven = new Map<Message, Set<number>>();
  const discarded = new Set<string>();
  const violated = (promise: PromiseName, detail: string): void => {
    violations.push({ promise, detail });
  };
  const watch = (): Watch => ({ story, replicas: clusterOf().replicas, violated, acked });
  const isAcked = (message: Message): boolean => acked.has(message);
  const underWay = new Set<Erasure>();
  const isErasing = (orderId: bigint): boolean => [...underWay].some((one) => one.orderId === orderId);
  const right = new WeakSet<Cells>();

  return {
    violations,
    violated,
    carrierIds,
    redriven,
    onRedriven: (message, count) => {
      const counts = redriven.get(message) ?? new Set();
      redriven.set(message, counts.add(count));
    },
    discarded,
    onDiscarded: (id) => void discarded.add(id),
    onAccepted: ({ message, id }) => {
      const ids = carrierIds.get(message) ?? new Set();
      carrierIds.set(message, ids.add(id));
    },
    onErasing: (erasure) => {
      underWay.add(erasure);
    },
    onErased: (erasure) => {
      underWay.delete(erasure);
    },
    onDeadLetterTaken: (delivery, { attributes, message, data, reports }) => {
      delivery.told.push(...reports);
      const isLeak = Buffer.from(data).includes(CARD) || Object.values(attributes).join().includes(CARD);
      if (isLeak) violated('I8', `a card number is in the dead letter of ${message.label}`);
      const claims = claimsOf(delivery.queued);
      const isSame =
        attributes[ATTRIBUTE.originTopic] === message.origin &&
        attributes[ATTRIBUTE.originMessageId] === claims.messageId &&
        attributes[ATTRIBUTE.redriveCount] === claims.redriveCount &&
        attributes[ATTRIBUTE.originPublishTime] === new Date(message.publishedAtMs).toISOString() &&
        (attributes[ATTRIBUTE.redacted] !== undefined) === message.isRedacted &&
        Buffer.compare(data, message.body) === 0;
      if (!isSame) violated('I1', `the dead letter of ${message.label} names another message`);
    },
    onAnswer: (delivery, { status }) => {
      if (status === 204) checkAck(watch(), delivery);
      else if (!delivery.sawFault) {
        const { label } = delivery.queued.message;
        violated(
          'I7',
          `${delivery.consumer} answered ${status} to ${label}, and none of its calls had failed`,
        );
      }
    },
    onApplied: (applying, writes) => {
      for (const write of writes) {
        if (write.table.name === DEAD_LETTERS) checkPlace(clusterOf().replicas, write, violated);
        if (![FACTS, LEDGER].includes(write.table.name)) continue;
        const { replicas } = clusterOf();
        watchRow({ story, replicas, violated, isAcked, isErasing, right }, applying, write);
      }
    },
  };
};

/** A carrier without these attributes is the first message of its event. */
const claimsOf = ({ attributes, id }: QueuedMessage) => ({
  messageId: attributes[ATTRIBUTE.originMessageId] ?? id,
  redriveCount: attributes[ATTRIBUTE.redriveCount] ?? '0',
});
