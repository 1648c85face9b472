import { describe, expect, it } from 'vitest';
import { assertDeadlines } from '../../shared/deadlines.ts';

describe('the time limits', () => {
  it('fit into each other', () => {
    expect(assertDeadlines).not.toThrow();
  });

  it.each([
    [
      'statements that take longer than their handler may',
      { statementMs: 9_000 },
      'a connect, all statements and what is told',
    ],
    ['a publish that takes longer than the rest allows', { publishMs: 18_000 }, 'a connect, all statements'],
    ['a message that is handled after its request ends', { handleMs: 58_000 }, 'a message must be handled'],
    ['a message that waits for longer than its lease', { queueMs: 70_000 }, 'a message that was pulled must'],
    ['a request that outlives the ack deadline', { ackMs: 58_000 }, 'a consumer’s request must end'],
    [
      'a statement that Cassandra gives up first',
      { handleMs: 90_000, consumerMs: 120_000, ackMs: 121_000, leaseMs: 200_000, statementMs: 12_000 },
      'a statement must end',
    ],
    ['a drain that the platform cuts off', { drainMs: 10_000 }, 'a function must be drained'],
    ['spans that are sent too late', { tracesFlushMs: 2_000 }, 'and its last spans sent'],
    ['an audit that begins steps until its deadline', { auditBudgetMs: 510_000 }, 'the audit must begin'],
    [
      'an audit that is ended by the platform',
      { auditDeadlineMs: 525_000 },
      'the audit must give its last step up',
    ],
  ])('refuse %s', (_what, changes, message) => {
    expect(() => assertDeadlines(changes)).toThrow(message);
  });
});
