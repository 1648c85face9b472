import { describe, expect, it } from 'vitest';
import { createOwedMessages } from '../../../console/feed/owedMessages.ts';

const message = (messageId: string, publishedAtMs: number) => ({
  messageId,
  nth: Number(messageId),
  publishedAtMs,
  data: Buffer.from('{}'),
  attributes: {},
  orderingKey: '',
});

describe('what a subscription still owes', () => {
  it('is as old as its oldest message, also when a seek brings an older one back', () => {
    const owed = createOwedMessages();
    owed.enqueued(message('1', 100), 1, false);
    owed.acked('1');
    owed.enqueued(message('2', 200), 1, false);
    owed.enqueued(message('3', 300), 1, false);

    const before = owed.oldestMs();
    owed.enqueued(message('1', 100), 1, true);
    const after = owed.oldestMs();
    owed.acked('1');

    expect({ before, after, later: owed.oldestMs() }).toEqual({ before: 200, after: 100, later: 200 });
  });

  it('is listed oldest first, so that a look at the first ones sees what came back', () => {
    const owed = createOwedMessages();
    owed.enqueued(message('2', 200), 1, false);
    owed.enqueued(message('1', 100), 1, true);
    owed.enqueued(message('3', 300), 1, false);

    expect([...owed.all()].map(({ message: { messageId } }) => messageId)).toEqual(['1', '2', '3']);
  });

  it('is of no age when there is nothing', () => {
    const owed = createOwedMessages();
    owed.enqueued(message('1', 100), 2, false);
    owed.acked('1');
    const half = owed.oldestMs();
    owed.acked('1');

    expect({ half, none: owed.oldestMs(), backlog: owed.backlog() }).toEqual({
      half: 100,
      none: null,
      backlog: 0,
    });
  });
});
