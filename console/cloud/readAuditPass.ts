import * as z from 'zod';
import { FINDING_REASONS } from '../../shared/domain/finding.ts';
import { PAYMENT_STATUSES } from '../../shared/domain/paymentStatus.ts';
import { nameIn, SERVICE_NAME } from '../../shared/topology.ts';
import { type GoogleApi, GoogleApiError } from './googleApi.ts';

/** A pass over large tables takes days, and each call of the audit writes a line or more. */
const LINES_MAX = 1_000;
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
});

export type AuditLine = z.infer<typeof lineSchema>;

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
 * https://cloud.google.com/logging/docs/reference/v2/rest/v2/entries/list.
 * @returns undefined when no pass has come to its end in the last seven days.
 * @throws GoogleApiError
 */
export const readAuditPass = async (
  { api, project, environment, baseUrl = 'https://logging.googleapis.com' }: LogPlace,
  nowMs: number,
): Promise<AuditPass | undefined> => {
  const answer = answerSchema.safeParse(
    await api.post(new URL(`${baseUrl}/v2/entries:list`), {
      resourceNames: [`projects/${project}`],
      filter: [
        'resource.type="cloud_run_revision"',
        `resource.labels.service_name="${nameIn(environment, SERVICE_NAME.audit)}"`,
        'jsonPayload.message="audit finished"',
        // A call that found a missing migration audited nothing.
        'jsonPayload.outcome!="schema"',
        `timestamp>="${new Date(nowMs - LOOK_BACK_MS).toISOString()}"`,
      ].join(' AND '),
      orderBy: 'timestamp desc',
      pageSize: LINES_MAX,
    }),
  );
  if (answer.data === undefined) throw new GoogleApiError('Cloud Logging’s answer has another form');
  return newestPass(
    answer.data.entries.map(({ timestamp, jsonPayload }) => {
      const { data, error } = lineSchema.safeParse(jsonPayload);
      if (data === undefined) {
        throw new GoogleApiError(`a line of the audit has another form: ${error.issues[0]?.path.join('.')}`);
      }
      return { ...data, atMs: Date.parse(timestamp) };
    }),
    nowMs - LOOK_BACK_MS,
  );
};

/** From the newest line that ended a pass back to the line that ended the pass before it. */
const newestPass = (
  lines: readonly (AuditLine & { readonly atMs: number })[],
  readSinceMs: number,
): AuditPass | undefined => {
  const end = lines.findIndex((line) => line.pass_finished);
  const last = lines[end];
  if (last === undefined) return undefined;
  const before = lines.findIndex((line, index) => index > end && line.pass_finished);
  const ofPass = lines.slice(end, before === -1 ? undefined : before);
  const isTooOld = ofPass.some(({ atMs, pass_seconds: seconds }) => atMs - seconds * 1_000 < readSinceMs);
  return {
    lines: ofPass,
    finishedAtMs: last.atMs,
    isCut: before === -1 && (isTooOld || lines.length === LINES_MAX),
  };
};
