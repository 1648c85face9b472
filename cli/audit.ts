import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { audit, type AuditReport } from '../shared/audit/audit.ts';
import { type Expectation, parseExpectation } from '../shared/audit/expectation.ts';
import { IN_PROGRESS_MAX_MS } from '../shared/topology.ts';
import type { Environment } from '../shared/config.ts';
import { openAuditSource } from '../shared/store/openAuditSource.ts';
import { formatReport, toJsonReport } from './formatReport.ts';
import { createProgress } from './progress.ts';
import { createRowProgress } from './rowProgress.ts';
import { auditCsv } from './auditCsv.ts';
import { chooseTarget } from './target.ts';
import { UnableError } from './unableError.ts';
import { UndecidedError } from './undecidedError.ts';
import { untilAsExpected } from './untilAsExpected.ts';

interface AuditCommandOptions {
  /** The path of a simulator's answer; `-` is standard input. */
  readonly expect: string | undefined;
  readonly json: boolean;
  /** Prints one row for each order, waiting payment, finding and dead letter, for a spreadsheet. */
  readonly csv: boolean;
  readonly patienceSeconds: number;
  /** No message is on its way, so nothing is in progress. */
  readonly settled: boolean;
}

/** The audit found something wrong, so the command exits with 1. */
export class AuditFailedError extends Error {
  override readonly name = 'AuditFailedError';
}

/**
 * Reads all tables and prints what they hold.
 * @throws AuditFailedError for a violation or an unmet expectation; UndecidedError when something is broken
 * or in progress; UnableError when it could not look.
 */
export const auditCommand = async (options: AuditCommandOptions, env: Environment): Promise<void> => {
  if (options.csv && (options.json || options.expect !== undefined)) {
    throw new UnableError('--csv goes neither with --json nor with --expect');
  }
  const report = await look(options, env).catch((error: unknown) => {
    throw new UnableError('could not look', { cause: error });
  });
  if (options.csv) printViolations(report);
  else console.log(options.json ? toJsonReport(report) : formatReport(report));
  if (!isClean(report)) throw new AuditFailedError('the audit found broken promises or unmet expectations');
  if (report.suspectedCount > 0) {
    throw new UndecidedError(
      'something is broken or in progress: look again in some minutes, or with ' +
        `--patience-seconds ${IN_PROGRESS_MAX_MS / 1_000}`,
    );
  }
};

/** No promise is broken, nothing is lost, and all is as expected. */
export const isClean = ({ violationCount, expectation }: AuditReport): boolean =>
  violationCount === 0 && (expectation?.unmet.length ?? 0) === 0;

const look = async (options: AuditCommandOptions, env: Environment): Promise<AuditReport> => {
  const expectation = options.expect === undefined ? undefined : await readExpectation(options.expect);
  const { config } = await chooseTarget(env, { writes: false, publishes: false, json: options.json });
  const source = await openAuditSource(config.store);
  if (options.csv) console.log(auditCsv.header);
  const progress = createProgress(options.json ? 'json' : 'text');
  const patienceMs = options.patienceSeconds * 1000;
  const auditOnce = (): Promise<AuditReport> =>
    audit(source, {
      expectation,
      patienceMs,
      inProgressMs: options.settled ? 0 : IN_PROGRESS_MAX_MS,
      onProgress: createRowProgress(progress, 'Audit'),
      ...(options.csv ? PRINT_ROWS : {}),
    });
  try {
    return await untilAsExpected(auditOnce, {
      patienceMs,
      onUnmet: (unmet) => progress({ step: 'Audit', detail: `waiting for ${unmet} of the expected results` }),
    });
  } finally {
    await source.close();
  }
};

/** Each row is printed as it is read, so the report may have any length. */
const PRINT_ROWS = {
  onOrder: (...order: Parameters<typeof auditCsv.orderRows>): void => {
    for (const row of auditCsv.orderRows(...order)) console.log(row);
  },
  onDeadLetter: (...deadLetter: Parameters<typeof auditCsv.deadLetterRow>): void =>
    console.log(auditCsv.deadLetterRow(...deadLetter)),
};

const printViolations = (report: AuditReport): void => {
  for (const row of auditCsv.violationRows(report)) console.log(row);
  const { violations, violationCount, suspected, suspectedCount } = report;
  const left = violationCount - violations.length + suspectedCount - suspected.length;
  if (left > 0) console.error(`${left} of what is broken or in progress are not listed.`);
};

const readExpectation = async (path: string): Promise<Expectation> => {
  try {
    // /dev/stdin cannot be opened where standard input is a socket, as under another Node process.
    return parseExpectation(path === '-' ? await text(process.stdin) : await readFile(path, 'utf8'));
  } catch (error) {
    throw new Error(`--expect ${path} cannot be used`, { cause: error });
  }
};
