import type { MessageAttempt, MessageDetail } from '../../../console/contract.ts';
import type { Feed } from '../../../console/feed/feed.ts';
import { createQuietFeed } from '../../../console/feed/quietFeed.ts';
import { PUBLISHED_AT_MS } from '../messages/domain.ts';

/** One delivery that was acked after 20 ms, unless it says more. */
export const attempt = (changes: Partial<MessageAttempt> = {}): MessageAttempt => ({
  number: 1,
  function: 'onPayment',
  startedAtMs: PUBLISHED_AT_MS + 2,
  endedAtMs: PUBLISHED_AT_MS + 22,
  settlement: 'ack',
  status: 204,
  outcome: 'matched',
  error: null,
  backoffMs: null,
  traceId: null,
  ...changes,
});

/** A payment that was matched at its first attempt, unless it says more. */
export const messageDetail = (
  key: string,
  changes: Partial<Omit<MessageDetail, 'attempts'>> = {},
  attempts: readonly MessageAttempt[] = [attempt()],
): MessageDetail => ({
  key,
  eventId: key,
  topic: 'payments_data',
  publishedAtMs: PUBLISHED_AT_MS,
  orderId: '1',
  paymentId: '1001',
  outcome: 'matched',
  findings: [],
  attempts: { failed: attempts.length - 1, isAcked: true, list: attempts },
  tookMs: 22,
  againAtMs: null,
  note: '',
  messageId: '17',
  error: null,
  redriveCount: 0,
  payload: null,
  attributes: null,
  told: [],
  ...changes,
});

/** A feed that has seen these messages, and no other. */
export const feedOf = (...details: readonly MessageDetail[]): Feed => {
  const quiet = createQuietFeed(() => PUBLISHED_AT_MS);
  return {
    ...quiet,
    messageOf: (key) => details.find((detail) => detail.key === key),
    open: (filter) => {
      const reader = quiet.open(filter);
      const fits = ({ key, orderId, paymentId }: MessageDetail): boolean =>
        [key, orderId, paymentId].some((text) => text?.includes(filter.text) === true);
      return { ...reader, next: () => ({ ...reader.next(), rows: details.filter(fits) }) };
    },
  };
};
