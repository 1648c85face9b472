import * as z from 'zod';
import { FINDING_REASONS } from '../../shared/domain/finding.ts';
import { PAYMENT_STATUSES } from '../../shared/domain/paymentStatus.ts';
import { nameIn, SERVICE_NAME } from '../../shared/topology.ts';
import { type GoogleApi, GoogleApiError } from './googleApi.ts';

/** A pass over large tables takes days, and each call of the audit writes a line or more. */
const LINES_MAX = 1_000;
/** A line has at most some 10 kB, so a page stays below what is read of an answer. */
const PAGE_SIZE = 200;
/** More than `LINES_MAX` needs: a page may be empty although there are more lines. */
const PAGES_MAX = 20;
const LOOK_BACK_MS = 7 * 24 * 60 * 60_000;

const count = z.number().min(0);
const counts = <Name extends string>(names: readonly Name[]) =>
  z.object(Object.fromEntries(names.map((name) => [name, count])) as Record<Name, typeof count>);

/** The line "audit finished", as `functions/audit` writes it. */
const lineSchema = z.object({
  violations: count,
  orders: count,
  payments: count,
  unpaid: count,
  parked: count,
  statuses: counts(PAYMENT_STATUSES),
  findings: counts(FINDING_REASONS),
  open_dead_letters: count,
  oldest_parked_seconds: z.number().min(0).nullable(),
  pass_finished: z.boolean(),
  /** Since the pass began. */
  pass_seconds: count,
});
const answerSchema = z.object({
  entries: z
    .array(z.object({ timestamp: z.iso.datetime({ offset: true }), jsonPayload: z.unknown() }))
    .default([]),
  nextPageToken: z.string().optional(),
});

export type AuditLine = z.infer<typeof lineSchema> & {
  /** When it was written. */
  readonly atMs: number;
};

/** The lines of the newest pass of the scheduled audit that came to its end. No row is in two of them. */
export interface AuditPass {
  /** Newest first. */
  readonly lines: readonly AuditLine[];
  readonly finishedAtMs: number;
  /** True when its first lines are too old, or too many, to be read. Then its counts are of a part only. */
  readonly isCut: boolean;
}

interface LogPlace {
  readonly api: GoogleApi;
  readonly project: string;
  readonly environment: string | undefined;
  /** Google's own when left out. */
  readonly baseUrl?: string;
}

/**
 * Reads the newest finished pass out of the audit's log lines:
 * https://cloud.google.com/logging/docs/reference/v2/rest/v2/entries/list. It reads page after page until it
 * has the pass. Cloud Logging answers with few lines, or with none, and a token when it had no time to search
 * on.
 * @returns undefined when no pass has come to its end in the last seven days.
 * @throws GoogleApiError
 */
export const readAuditPass = async (place: LogPlace, nowMs: number): Promise<AuditPass | undefined> => {
  const readSinceMs = nowMs - LOOK_BACK_MS;
  const lines: AuditLine[] = [];
  let pageToken: string | undefined;
  for (let page = 0; page < PAGES_MAX && lines.length < LINES_MAX; page += 1) {
    const answer = await readPage(place, readSinceMs, pageToken);
    lines.push(...answer.entries.map(toLine));
    pageToken = answer.nextPageToken === '' ? undefined : answer.nextPageToken;
    if (pageToken === undefined || endsOf(lines).length > 1) break;
  }
  const hasMore = pageToken !== undefined;
  if (hasMore && endsOf(lines).length === 0) {
    throw new GoogleApiError(
      `no pass of the audit ends in the newest ${lines.length} lines that Cloud Logging found`,
    );
  }
  return newestPass(lines, { readSinceMs, hasMore });
};

const readPage = async (
  { api, project, environment, baseUrl = 'https://logging.googleapis.com' }: LogPlace,
  readSinceMs: number,
  pageToken: string | undefined,
) => {
  const { data } = answerSchema.safeParse(
    await api.post(new URL(`${baseUrl}/v2/entries:list`), {
      resourceNames: [`projects/${project}`],
      filter: [
        'resource.type="cloud_run_revision"',
        `resource.labels.service_name="${nameIn(environment, SERVICE_NAME.audit)}"`,
        'jsonPayload.message="audit finished"',
        // A call that found a missing migration audited nothing.
        'jsonPayload.outcome!="schema"',
        `timestamp>="${new Date(readSinceMs).toISOString()}"`,
      ].join(' AND '),
      orderBy: 'timestamp desc',
      pageSize: PAGE_SIZE,
      ...(pageToken === undefined ? {} : { pageToken }),
    }),
  );
  if (data === undefined) throw new GoogleApiError('Cloud Logging’s answer has another form');
  return data;
};

const toLine = ({ timestamp, jsonPayload }: z.infer<typeof answerSchema>['entries'][number]): AuditLine => {
  const { data, error } = lineSchema.safeParse(jsonPayload);
  if (data === undefined) {
    throw new GoogleApiError(`a line of the audit has another form: ${error.issues[0]?.path.join('.')}`);
  }
  return { ...data, atMs: Date.parse(timestamp) };
};

/** Where passes end, newest first. */
const endsOf = (lines: readonly AuditLine[]): readonly number[] =>
  lines.flatMap((line, index) => (line.pass_finished ? [index] : []));

/** From the newest line that ended a pass back to the line that ended the pass before it. */
const newestPass = (
  lines: readonly AuditLine[],
  { readSinceMs, hasMore }: { readonly readSinceMs: number; readonly hasMore: boolean },
): AuditPass | undefined => {
  const [end, before] = endsOf(lines);
  const last = end === undefined ? undefined : lines[end];
  if (last === undefined) return undefined;
  const ofPass = lines.slice(end, before);
  const isTooOld = ofPass.some(({ atMs, pass_seconds: seconds }) => atMs - seconds * 1_000 < readSinceMs);
  return {
    lines: ofPass,
    finishedAtMs: last.atMs,
    isCut: before === undefined && (isTooOld || hasMore),
  };
};
