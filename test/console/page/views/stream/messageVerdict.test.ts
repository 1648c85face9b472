import { describe, expect, it } from 'vitest';
import type { MessageAttempt, MessageDetail } from '../../../../../console/contract.ts';
import { format } from '../../../../../console/page/parts/format.ts';
import { messageVerdict } from '../../../../../console/page/views/stream/messageVerdict.ts';
import { attempt, messageDetail } from '../../../../support/console/seenMessages.ts';
import { PUBLISHED_AT_MS } from '../../../../support/messages/domain.ts';

const NOW_MS = PUBLISHED_AT_MS + 2_000;
const failed = attempt({ settlement: 'retry', status: 503, error: 'Cassandra did not answer' });
const REPLAYED = attempt({ startedAtMs: PUBLISHED_AT_MS + 229_000 });
const WAITING = { attempts: { failed: 2, isAcked: false, list: [failed, failed] }, tookMs: null };
type Changes = Partial<MessageDetail>;

const verdictOf = (changes: Changes, attempts: readonly MessageAttempt[] = [attempt()]): string =>
  messageVerdict({ ...messageDetail('a', {}, attempts), ...changes }, NOW_MS);

describe('the verdict on a message', () => {
  it.each<[string, string, Changes, readonly MessageAttempt[]]>([
    ['was acked at once', 'on the first attempt, 22 ms after it was published.', {}, [attempt()]],
    [
      'failed first',
      'on attempt 3, 3.91 s after it was published. 2 attempts failed: Cassandra did not answer.',
      { tookMs: 3_906 },
      [failed, failed, attempt()],
    ],
    [
      'was acked in vain',
      'on attempt 2, 22 ms after it was published. One attempt failed: its ack was lost.',
      {},
      [attempt({ settlement: 'ack lost' }), attempt()],
    ],
    [
      'got no answer',
      'on attempt 2, 22 ms after it was published. One attempt failed: no answer came in time.',
      {},
      [attempt({ settlement: 'no answer', status: null }), attempt()],
    ],
    [
      'was acked again after a replay',
      `on attempt 2, at ${format.exactTime(PUBLISHED_AT_MS + 229_000)}. It was stored first, 22 ms after it was published.`,
      { attempts: { failed: 0, isAcked: true, list: [attempt({ outcome: 'stored' }), REPLAYED] } },
      [],
    ],
    [
      'was acked more often than is listed',
      `on attempt 200, at ${format.exactTime(PUBLISHED_AT_MS + 229_000)}. It was stored first, 22 ms after it was published.`,
      {
        attempts: {
          failed: 0,
          isAcked: true,
          list: [REPLAYED],
          unlisted: { acks: 199, first: 'stored' },
        },
      },
      [],
    ],
    [
      'is invalid',
      'on the first attempt, 22 ms after it was published. price: expected a number.',
      { outcome: 'invalid', error: 'price: expected a number' },
      [attempt()],
    ],
    [
      'told a finding and was redriven',
      'on the first attempt, 22 ms after it was published. Told: conflict. It was redriven twice.',
      { findings: ['conflict'], redriveCount: 2 },
      [attempt()],
    ],
    [
      'was dropped',
      'and not acked. Pub/Sub dropped it: its topic has no subscription.',
      {
        outcome: 'dropped',
        error: 'Pub/Sub dropped it: its topic has no subscription',
        attempts: { failed: 0, isAcked: false, list: [] },
        tookMs: null,
      },
      [],
    ],
    [
      'waits for its next attempt',
      'not acked. 2 attempts failed: Cassandra did not answer. It comes again in 1.4 s.',
      { ...WAITING, againAtMs: NOW_MS + 1_400 },
      [],
    ],
    [
      'comes again now',
      'not acked. 2 attempts failed: Cassandra did not answer. It comes again now.',
      { ...WAITING, againAtMs: NOW_MS },
      [],
    ],
    [
      'is on its way',
      'since 2.00 s: no attempt has ended yet.',
      { attempts: { failed: 0, isAcked: false, list: [] }, tookMs: null },
      [],
    ],
  ])('that %s', (_what, said, changes, attempts) => {
    expect(verdictOf(changes, attempts)).toBe(said);
  });
});
