import * as z from 'zod';
import { nameToSubject, subjectToName } from './auditKeys.ts';
import { type CassandraClient } from './driver/cassandraClient.ts';
import { readPages } from './driver/readPages.ts';
import type { AuditSubject } from './auditSource.ts';
import { toStoreError } from './driver/toStoreError.ts';

/** What the scheduled audit suspected at its first look. */
export interface KeptSuspicion {
  readonly firstSeenAtMs: number;
  readonly subject: AuditSubject;
  /** The sentences of the first look. */
  readonly details: readonly string[];
}

export interface AuditSuspicionStore {
  readonly remember: (suspicion: KeptSuspicion) => Promise<void>;
  /**
   * What was first seen after the first time and up to the second, oldest first. Both are in milliseconds.
   * What is older than a day is gone.
   */
  readonly findSeen: (afterMs: number, upToMs: number) => AsyncIterable<KeptSuspicion>;
}

const HOUR_MS = 3_600_000;
/** The rows live as long as `0005_audit_suspicions.cql` says. */
const KEPT_HOURS = 24;
const PAGE_ROWS = 1_000;

const INSERT =
  'INSERT INTO audit_suspicions (hour, first_seen_at, in_table, subject, details) VALUES (?, ?, ?, ?, ?)';
const SELECT =
  'SELECT first_seen_at, in_table, subject, details FROM audit_suspicions WHERE hour = ? AND first_seen_at > ? AND first_seen_at <= ?';
const rowSchema = z.object({
  first_seen_at: z.date(),
  in_table: z.string(),
  subject: z.string(),
  details: z.array(z.string()),
});

const hourOf = (timeMs: number): number => Math.floor(timeMs / HOUR_MS) * HOUR_MS;

/** Keeps suspicions in their table. Both methods throw TransientError when the store does not answer. */
export const createAuditSuspicionStore = (client: CassandraClient): AuditSuspicionStore => ({
  remember: async ({ firstSeenAtMs, subject, details }) => {
    const { table, key } = subjectToName(subject);
    try {
      const connection = await client.connect();
      const hour = new Date(hourOf(firstSeenAtMs));
      await connection.execute(INSERT, [hour, new Date(firstSeenAtMs), table, key, details]);
    } catch (error) {
      throw toStoreError(error);
    }
  },
  findSeen: async function* (afterMs, upToMs) {
    const first = Math.max(hourOf(afterMs), hourOf(upToMs) - KEPT_HOURS * HOUR_MS);
    for (let hour = first; hour <= upToMs; hour += HOUR_MS) {
      const params = [new Date(hour), new Date(afterMs), new Date(upToMs)];
      for await (const rows of readPages(client, { query: SELECT, params, pageRows: PAGE_ROWS })) {
        for (const row of rows) {
          const { first_seen_at, in_table, subject: key, details } = rowSchema.parse(row);
          const subject = nameToSubject({ table: in_table, key });
          if (subject !== undefined) yield { firstSeenAtMs: first_seen_at.getTime(), subject, details };
        }
      }
    }
  },
});
