import { useEffect } from 'preact/hooks';
import { expect, it, onTestFinished } from 'vitest';
import type { Job } from '../../../../../console/deadLetterContract.ts';
import { html } from '../../../../../console/page/html.ts';
import { latestJob, useJob } from '../../../../../console/page/views/deadLetters/useJob.ts';
import { until } from '../../../../../proof/until.ts';
import { jobOf } from '../../../../support/console/jobOf.ts';
import { draw } from '../../draw.ts';
import { fakeBrowser } from '../../fakeBrowser.ts';

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

it('is none when the server has been started anew since the page’s own one began', async () => {
  const own = jobOf({ id: 'own', startedAtMs: 2 });
  let answered: Job | null = null;
  fakeBrowser(() => answered);
  const Shown = ({ version }: { readonly version: number }) => {
    const { job, setJob } = useJob(version);
    useEffect(() => setJob(own), []);
    return html`<p>${job === null ? 'none' : `${job.done} done`}</p>`;
  };
  const page = draw(html`<${Shown} version=${1} />`);
  onTestFinished(page.end);
  await until('its start', async () => page.text() === '0 done');

  answered = { ...own, done: 3 };
  page.again(html`<${Shown} version=${2} />`);
  await until('its progress', async () => page.text() === '3 done');
  answered = null;
  page.again(html`<${Shown} version=${3} />`);

  await until('no job', async () => page.text() === 'none', 3_000);
});
