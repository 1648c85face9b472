import { describe, expect, it } from 'vitest';
import { parseTime } from '../../../shared/messaging/parseTime.ts';

describe('parseTime', () => {
  it.each([
    ['2024-01-21T10:00:00Z', 1_705_831_200_000],
    ['2024-01-21T10:00:00.123Z', 1_705_831_200_123],
    ['2024-01-21T10:00:00.123999999Z', 1_705_831_200_123],
    ['2024-01-21T10:00:00.123+00:00', 1_705_831_200_123],
    ['2024-01-21T12:00:00.1+02:00', 1_705_831_200_100],
    ['2024-02-29T00:00:00Z', 1_709_164_800_000],
    ['1970-01-01T00:00:00Z', 0],
  ])('reads %s to the millisecond', (text, publishTimeMs) => {
    const result = parseTime(text);

    expect(result).toBe(publishTimeMs);
  });

  it.each([
    ['nothing', undefined],
    ['no text', ''],
    ['a digit, which Date.parse takes for a month', '5'],
    ['a time without a zone, which differs from machine to machine', '2024-01-21T10:00:00'],
    ['a date', '2024-01-21'],
    ['a time of the long years that Date.parse knows', '+002024-01-21T10:00:00Z'],
    ['a time with something behind it', '2024-01-21T10:00:00Zulu'],
    ['words', 'yesterday'],
    ['milliseconds', '1705831200123'],
    ['an hour that does not exist', '2024-01-21T500:01:30Z'],
    ['a month that does not exist', '2024-13-01T00:00:00Z'],
    ['a day that does not exist, which Date.parse takes for one of March', '2025-02-29T00:00:00Z'],
    ['the day 0', '2024-01-00T00:00:00Z'],
    ['a time before 1970', '1969-12-31T23:59:59Z'],
  ])('reads no time from %s', (_what, text) => {
    const result = parseTime(text);

    expect(result).toBeUndefined();
  });
});
