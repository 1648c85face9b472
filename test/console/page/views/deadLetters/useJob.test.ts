import { expect, it } from 'vitest';
import { latestJob } from '../../../../../console/page/views/deadLetters/useJob.ts';
import { jobOf } from '../../../../support/console/jobOf.ts';

it('is the job that the server has, unless it answered before the page’s own one was started', () => {
  const own = jobOf({ id: 'own', startedAtMs: 2 });
  const ended = jobOf({ id: 'own', startedAtMs: 2, endedAtMs: 3 });
  const [older, newer] = [jobOf({ id: 'older', startedAtMs: 1 }), jobOf({ id: 'newer', startedAtMs: 4 })];

  expect(latestJob(null, older)).toBe(older);
  expect(latestJob(own, null)).toBe(own);
  expect(latestJob(own, older)).toBe(own);
  expect(latestJob(own, ended)).toBe(ended);
  expect(latestJob(own, newer)).toBe(newer);
});
