import { maskCardNumbers } from '../../shared/masking/maskCardNumbers.ts';
import {
  MalformedBodyError,
  parseOrder,
  parsePayment,
  readSubject,
} from '../../shared/messaging/parseMessage.ts';
import type { Publisher } from '../../shared/messaging/publisher.ts';
import type { SendRequest, SentMessage } from '../contract.ts';
import type { Feed } from '../feed/feed.ts';

const SENT_MAX = 20;

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
   * @throws TransientError when Pub/Sub did not confirm it.
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
  return {
    send: async ({ kind, body, asItIs }) => {
      const data = Buffer.from(body);
      const problems = asItIs ? [] : problemsOf(kind, data);
      if (problems.length > 0) return problems;
      const atMs = clock();
      const topic = kind === 'order' ? 'orders_data' : 'payments_data';
      const messageId = await publisher.publish(topic, { data });
      const { orderId, paymentId } = readSubject(data);
      const ids = { orderId: textOf(orderId), paymentId: textOf(paymentId) };
      sent.unshift({ messageId, kind, ...ids, atMs, last: UNSEEN });
      sent.splice(SENT_MAX);
      return undefined;
    },
    list: () =>
      sent.map((one) => {
        const message = feed.messageOf(one.messageId);
        if (message !== undefined) {
          const { outcome, findings, tookMs, key } = message;
          one.last = { outcome, findings, tookMs, key };
        }
        const { last, ...ids } = one;
        return { ...ids, ...last };
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
