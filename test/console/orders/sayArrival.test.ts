import { describe, expect, it } from 'vitest';
import type { MessageAttempt } from '../../../console/contract.ts';
import { sayArrival } from '../../../console/orders/sayArrival.ts';
import { attempt } from '../../support/console/seenMessages.ts';

const failed = attempt({ settlement: 'retry', status: 503 });
const silent = attempt({ settlement: 'no answer', status: null });

describe('how a message came', () => {
  it.each<[string, readonly MessageAttempt[], string]>([
    ['nobody saw it', [], ''],
    ['it was taken at once', [attempt()], 'first attempt, 204 after 20 ms'],
    ['it was pulled', [attempt({ status: null })], 'first attempt, acked after 20 ms'],
    ['two attempts failed', [failed, failed, attempt()], 'attempt 3, after two 503, 204 after 20 ms'],
    ['one got no answer', [silent, attempt()], 'attempt 2, after one without an answer, 204 after 20 ms'],
    [
      'they failed in several ways',
      [failed, silent, attempt()],
      'attempt 3, after two failed attempts, 204 after 20 ms',
    ],
    ['it still fails', [failed], 'not taken yet, after one 503'],
  ])('is said where %s', (_where, attempts, said) => {
    expect(sayArrival(attempts)).toBe(said);
  });
});
