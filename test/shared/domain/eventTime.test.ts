import { describe, expect, it } from 'vitest';
import { CLOCK_AHEAD_MAX_MS, eventTimeOf } from '../../../shared/domain/eventTime.ts';
import { PUBLISHED_AT_MS } from '../../support/messages/domain.ts';

describe('the time of an event', () => {
  it.each([
    ['the publish time, when the message has none', undefined, PUBLISHED_AT_MS],
    ['the producer’s own time', PUBLISHED_AT_MS - 1, PUBLISHED_AT_MS - 1],
    ['the producer’s own time, however long ago', Date.UTC(2000), Date.UTC(2000)],
    [
      'the producer’s own time, five minutes ahead',
      PUBLISHED_AT_MS + CLOCK_AHEAD_MAX_MS,
      PUBLISHED_AT_MS + CLOCK_AHEAD_MAX_MS,
    ],
    [
      'the publish time, when the producer’s is farther ahead',
      PUBLISHED_AT_MS + CLOCK_AHEAD_MAX_MS + 1,
      PUBLISHED_AT_MS,
    ],
  ])('is %s', (_what, occurredAtMs, atMs) => {
    expect(eventTimeOf(occurredAtMs, PUBLISHED_AT_MS)).toBe(atMs);
  });

  it('lets a producer’s clock be five minutes ahead', () => {
    expect(CLOCK_AHEAD_MAX_MS).toBe(300_000);
  });
});
