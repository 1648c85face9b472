import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readAuditPass } from '../../../console/cloud/readAuditPass.ts';
import { createGoogleApi } from '../../../console/cloud/googleApi.ts';
import { createPart, fieldsOf } from '../../../functions/audit/part.ts';
import { type FakeGoogle, startFakeGoogle } from '../../support/console/startFakeGoogle.ts';

const NOW_MS = Date.parse('2026-01-01T10:00:00Z');
let google: FakeGoogle;

beforeEach(async () => {
  google = await startFakeGoogle();
});
afterEach(() => google.stop());

const read = (environment?: string) =>
  readAuditPass(
    {
      api: createGoogleApi({
        authorize: async () => new Headers(),
        signal: new AbortController().signal,
      }),
      project: 'my-project',
      environment,
      baseUrl: google.url,
    },
    NOW_MS,
  );

/** What the audit's own code writes of an empty part. */
const CURSOR = {
  place: { table: 'orders', after: undefined },
  passStartedAtMs: NOW_MS - 1_000,
  lookedAgainUpToMs: NOW_MS,
} as const;
const FIELDS: object = JSON.parse(JSON.stringify(fieldsOf(createPart(NOW_MS), CURSOR, NOW_MS)));

const line = (minute: string, changes: Readonly<Record<string, unknown>> = {}) => ({
  timestamp: `2026-01-01T09:${minute}:00.123456Z`,
  jsonPayload: { message: 'audit finished', ...FIELDS, pass_finished: false, ...changes },
});

describe('the newest pass of the scheduled audit', () => {
  it('is asked for as the reference of Cloud Logging says', async () => {
    await read('staging');

    expect(google.asked).toMatchObject([
      {
        method: 'POST',
        body: {
          resourceNames: ['projects/my-project'],
          filter:
            'resource.type="cloud_run_revision" AND resource.labels.service_name="staging-tally-audit" AND ' +
            'jsonPayload.message="audit finished" AND jsonPayload.outcome!="schema" AND timestamp>="2025-12-25T10:00:00.000Z"',
          orderBy: 'timestamp desc',
          pageSize: 200,
        },
      },
    ]);
    expect(google.asked[0]?.url.pathname).toBe('/v2/entries:list');
  });

  it('is the lines back to the end of the pass before it', async () => {
    google.entries.push(
      line('59', { orders: 100 }),
      line('50', { orders: 3, pass_finished: true }),
      line('40', { orders: 2 }),
      line('30', { orders: 7, pass_finished: true }),
    );

    const pass = await read();

    expect(pass?.lines.map(({ orders }) => orders)).toEqual([3, 2]);
    expect(pass?.finishedAtMs).toBe(Date.parse('2026-01-01T09:50:00.123Z'));
    expect(pass?.isCut).toBe(false);
  });

  it('is cut when it began before the time from which lines are read', async () => {
    google.entries.push(
      line('50', { orders: 3, pass_finished: true }),
      line('40', { orders: 2, pass_seconds: 8 * 24 * 3_600 }),
    );

    expect((await read())?.isCut).toBe(true);
  });

  it('is read on when Cloud Logging had no time to find a line, and says that there may be more', async () => {
    google.emptyPages = 2;
    google.entries.push(line('50', { orders: 3, pass_finished: true }), line('40', { pass_finished: true }));

    expect((await read())?.lines.map(({ orders }) => orders)).toEqual([3]);
    expect(google.asked.map(({ body }) => Object(body).pageToken)).toEqual([undefined, '1', '2']);
  });

  it('is read page by page, and no further than to the end of the pass before it', async () => {
    google.entries.push(line('50', { pass_finished: true }));
    for (let more = 0; more < 250; more += 1) google.entries.push(line('40', { orders: 1 }));
    google.entries.push(line('30', { pass_finished: true }));
    for (let more = 0; more < 250; more += 1) google.entries.push(line('20'));

    expect(await read()).toMatchObject({ lines: { length: 251 }, isCut: false });
    expect(google.asked).toHaveLength(2);
  });

  it('is cut when it has more lines than are read', async () => {
    google.entries.push(line('50', { pass_finished: true }));
    for (let more = 0; more < 1_200; more += 1) google.entries.push(line('40'));

    expect(await read()).toMatchObject({ lines: { length: 1_000 }, isCut: true });
  });

  it('is refused when nothing was found in many pages, because then nobody knows', async () => {
    google.emptyPages = 50;
    google.entries.push(line('50', { pass_finished: true }));

    await expect(read()).rejects.toThrow('no pass of the audit ends in the newest 0 lines');
    expect(google.asked).toHaveLength(20);
  });

  it('understands the line that the audit writes', async () => {
    google.entries.push({ timestamp: '2026-01-01T09:59:00Z', jsonPayload: FIELDS });

    const pass = await read();

    expect(pass?.lines).toMatchObject([{ orders: 0, statuses: { succeeded: 0 }, findings: { conflict: 0 } }]);
  });

  it('is none when no pass has come to its end', async () => {
    google.entries.push(line('59'), line('58'));

    expect(await read()).toBeUndefined();
  });

  it('is refused with a sentence when a line has another form', async () => {
    google.entries.push(line('59', { pass_finished: 'yes' }));

    await expect(read()).rejects.toThrow('a line of the audit has another form: pass_finished');
  });
});
