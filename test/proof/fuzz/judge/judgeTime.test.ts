import { describe, expect, it } from 'vitest';
import { judgeTime } from '../../../../proof/fuzz/judge/judgeTime.ts';

describe('the judge of times', () => {
  it.each(['2026-11-30T00:25:18.018Z', '2026-12-31T23:59:59Z', '2024-02-29T12:00:00Z'])(
    'reads %s, on a day that its month has',
    (text) => {
      expect(judgeTime(text)).toBe(Date.parse(text));
    },
  );

  it.each(['2026-11-31T00:00:00Z', '2026-02-29T12:00:00Z', '2024-02-30T12:00:00Z'])(
    'leaves %s open, on a day that its month does not have',
    (text) => {
      expect(judgeTime(text)).toBeUndefined();
    },
  );
});
