import { describe, expect, it } from 'vitest';
import { normalizeWord } from '../../../shared/domain/normalizeWord.ts';

describe('a word of a producer', () => {
  it.each([
    ['PAID', 'paid'],
    ['Gift_Card', 'gift card'],
    ['partially-refunded', 'partially refunded'],
    ['  on   hold ', 'on hold'],
    ['requires_-_action', 'requires action'],
    ['in\tprogress', 'in progress'],
    ['_paid_', 'paid'],
    ['', ''],
  ])('%j becomes %j', (word, normal) => {
    expect(normalizeWord(word)).toBe(normal);
    expect(normalizeWord(normal)).toBe(normal);
  });
});
