import { writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { runTally } from '../runScript.ts';

/** Every message is acked before the audit starts, so a short wait is enough. */
const PATIENCE_SECONDS = 10;
const AUDIT_TIMEOUT_MS = 1_800_000;

const reportSchema = z.object({
  orders: z.int(),
  paid: z.int(),
  payments: z.int(),
  parked: z.int(),
  conflicts: z.int(),
  repeats: z.int(),
  violations: z.int(),
  violationDetails: z.array(z.object({ invariant: z.string(), detail: z.string() })),
  lost: z.int(),
  unmet: z.array(z.string()),
});

export interface AuditVerdict extends z.infer<typeof reportSchema> {
  readonly exitCode: number | null;
}

interface AuditOptions {
  /** The environment variables with which the audit reaches the tables. */
  readonly env: Readonly<Record<string, string>>;
  /** An absolute path. The expectation is written to it. */
  readonly expectationFile: string;
  readonly expectation: object;
}

/**
 * Runs the real `tally audit --expect` as a process.
 * @throws Error with the text of the audit when it could not read the tables.
 */
export const runAudit = async ({
  env,
  expectationFile,
  expectation,
}: AuditOptions): Promise<AuditVerdict> => {
  await writeFile(expectationFile, JSON.stringify(expectation));
  const args = [
    'audit',
    '--json',
    '--patience-seconds',
    String(PATIENCE_SECONDS),
    '--expect',
    expectationFile,
  ];
  const { exitCode, stdout, stderr } = await runTally(args, {
    env: { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', ...env },
    timeoutMs: AUDIT_TIMEOUT_MS,
  });
  if (exitCode !== 0 && exitCode !== 1) throw new Error(`tally audit ended with ${exitCode}: ${stderr}`);
  return { ...reportSchema.parse(JSON.parse(stdout)), exitCode };
};
