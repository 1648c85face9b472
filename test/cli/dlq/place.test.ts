import { expect, it } from 'vitest';
import { place } from '../../../cli/dlq/place.ts';
import { formatPlace } from '../../../shared/domain/deadLetterPlace.ts';

const AT = { day: '2026-11-24', shard: 495, id: '0123456789abcdef'.repeat(2), reason: 'invalid' } as const;

it('is read as it was printed', () => {
  expect(formatPlace(AT)).toBe('2026-11-24/495/0123456789abcdef0123456789abcdef/invalid');
  expect(place(formatPlace(AT))).toEqual(AT);
});

it.each([
  '',
  '17',
  formatPlace({ ...AT, shard: 1_024 }),
  formatPlace({ ...AT, day: '2026-11-45' }),
  'a/b/c/d',
])('is refused where it names none: %j', (text) => {
  expect(() => place(text)).toThrow('Expected a place as this command prints it');
});
