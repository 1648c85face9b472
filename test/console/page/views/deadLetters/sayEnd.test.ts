import { describe, expect, it } from 'vitest';
import { leftOf, sayEnd } from '../../../../../console/page/views/deadLetters/sayEnd.ts';
import { jobOf } from '../../../../support/console/jobOf.ts';

describe('the end of a job', () => {
  it('tells what was refused from what is left', () => {
    const refused = [
      { why: 'its payload was cut', count: 2 },
      { why: 'it is not open any more', count: 1 },
    ];

    expect(leftOf(jobOf({ done: 7, refused }))).toBe(0);
    expect(sayEnd(jobOf({ done: 7, refused }))).toBe('7 discarded, 3 not');
    expect(leftOf(jobOf({ action: 'redrive', done: 5, refused }))).toBe(2);
    expect(sayEnd(jobOf({ action: 'redrive', done: 5, refused }))).toBe('5 sent, up to 5 not');
    expect(sayEnd(jobOf({ done: 96, total: 96 }))).toBe('96 discarded, 0 not');
  });
});
