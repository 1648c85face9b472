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
      'a connect and all statements',
    ],
    ['a publish that ends after the request', { publishMs: 18_000 }, 'a handler and its publish'],
    ['a request that outlives the ack deadline', { ackMs: 58_000 }, 'a consumer’s request must end'],
    [
      'a statement that Cassandra gives up first',
      { handleMs: 90_000, consumerMs: 120_000, ackMs: 121_000, statementMs: 12_000 },
      'a statement must end',
    ],
    ['a drain that the platform cuts off', { drainMs: 10_000 }, 'a function must be drained'],
    ['an audit that begins slices until its deadline', { auditBudgetMs: 510_000 }, 'the audit must begin'],
    [
      'an audit that is ended by the platform',
      { auditDeadlineMs: 525_000 },
      'the audit must give its last slice up',
    ],
  ])('refuse %s', (_what, changes, message) => {
    expect(() => assertDeadlines(changes)).toThrow(message);
  });
});
