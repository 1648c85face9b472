import { writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { runTally } from '../runScript.ts';

/** Everything is settled when it is asked, so there is nothing that it could wait for. */
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
  /** The variables that reach the tables. */
  readonly env: Readonly<Record<string, string>>;
  /** Absolute: where the expectation is written for it. */
  readonly expectationFile: string;
  readonly expectation: object;
}

/**
 * The real `tally audit --expect`, as a process of its own.
 * @throws Error with its own words when it could not look.
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
