import { maskCardNumbers } from '../../shared/masking/maskCardNumbers.ts';
import {
  MalformedBodyError,
  parseOrder,
  parsePayment,
  readSubject,
} from '../../shared/messaging/parseMessage.ts';
import type { Publisher } from '../../shared/messaging/publisher.ts';
import { maybeSent } from '../../shared/operations/maybeSent.ts';
import { IN_PROGRESS_MAX_MS } from '../../shared/topology.ts';
import type { SendRequest, SentMessage } from '../contract.ts';
import type { Feed } from '../feed/feed.ts';

const SENT_MAX = 20;
/** Another Pub/Sub shows a message with its first outcome only. After this time that is not waited for. */
const UNSEEN_MAX_MS = IN_PROGRESS_MAX_MS;

interface Sent {
  readonly messageId: string;
  readonly kind: SendRequest['kind'];
  readonly orderId: string | null;
  readonly paymentId: string | null;
  readonly atMs: number;
  /** What the stream said last. It forgets a message when it has 10,000 newer ones. */
  last: Pick<SentMessage, 'outcome' | 'findings' | 'tookMs' | 'key'>;
}

interface SentMessages {
  /**
   * Publishes one message, as its text says it.
   * @returns the problems for which it was not published, one sentence each, or undefined.
   * @throws TransientError when Pub/Sub did not confirm it, and so may have it.
   */
  readonly send: (request: SendRequest) => Promise<readonly string[] | undefined>;
  /** Newest first, at most 20, each with what has become of it by now. */
  readonly list: () => readonly SentMessage[];
}

interface SentMessagesDeps {
  readonly publisher: Pick<Publisher, 'publish'>;
  readonly feed: Pick<Feed, 'messageOf'>;
  readonly clock: () => number;
}

const UNSEEN: Sent['last'] = { outcome: 'on its way', findings: [], tookMs: null, key: null };

/** The messages that were sent from the form. */
export const createSentMessages = ({ publisher, feed, clock }: SentMessagesDeps): SentMessages => {
  const sent: Sent[] = [];
  const look = (one: Sent): boolean => {
    const message = feed.messageOf(one.messageId);
    if (message === undefined) return false;
    const { outcome, findings, tookMs, key } = message;
    one.last = { outcome, findings, tookMs, key };
    return true;
  };
  return {
    send: async ({ kind, body, asItIs }) => {
      const data = Buffer.from(body);
      const problems = asItIs ? [] : problemsOf(kind, data);
      if (problems.length > 0) return problems;
      const atMs = clock();
      const topic = kind === 'order' ? 'orders_data' : 'payments_data';
      const { orderId, paymentId } = readSubject(data);
      // To send it again would be a second event.
      const advice =
        orderId === undefined ? undefined : `look with "npx tally order ${orderId}" before you send it again`;
      const messageId = await publisher.publish(topic, { data }).catch(maybeSent(advice));
      const ids = { orderId: textOf(orderId), paymentId: textOf(paymentId) };
      const one: Sent = { messageId, kind, ...ids, atMs, last: UNSEEN };
      sent.unshift(one);
      sent.splice(SENT_MAX);
      // Tally's own Pub/Sub shows it at once. If it is gone later, it is forgotten.
      look(one);
      return undefined;
    },
    list: () =>
      sent.map((one) => {
        const isSeen = look(one);
        const { last, ...ids } = one;
        const isOpen = last.outcome === 'on its way' || last.outcome === 'retry';
        const isOld = last.key !== null || clock() - one.atMs > UNSEEN_MAX_MS;
        return { ...ids, ...last, isForgotten: isOpen && !isSeen && isOld };
      }),
  };
};

/** What the message schema says of a body, in the words of a dead letter. */
const problemsOf = (kind: SendRequest['kind'], data: Uint8Array): readonly string[] => {
  try {
    if (kind === 'order') parseOrder(data);
    else parsePayment(data);
    return [];
  } catch (error) {
    if (!(error instanceof MalformedBodyError)) throw error;
    return error.problems.map(maskCardNumbers);
  }
};

const textOf = (id: bigint | undefined): string | null => (id === undefined ? null : String(id));
