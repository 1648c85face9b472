import type { LocalPart } from '../local/localPart.ts';
import type { LocalSystem } from '../local/startLocal.ts';
import { shellWord } from '../shared/operations/shellWord.ts';
import { toJsonLine } from './toJsonLine.ts';
import { wrapText } from './wrapText.ts';

/** The one line of `tally up --json`. */
export const readyLine = (system: LocalSystem, consoleUrl: string): string =>
  toJsonLine({
    event: 'ready',
    projectId: system.projectId,
    pubsub: system.pubsub.address,
    cassandra: system.cassandra.kind === 'memory' ? null : system.cassandra.address,
    keyspace: system.keyspace,
    functions: new Map(Object.entries(system.functionUrls)),
    console: consoleUrl,
    kinds: { cassandra: system.cassandra.kind, pubsub: system.pubsub.kind },
    notices: noticesOf(system),
  });

interface ShownSystem {
  readonly system: LocalSystem;
  readonly consoleUrl: string;
  readonly logFolder: string;
  /** `TALLY_RUN_FOLDER` as it was given. With another one, a command would reach another system. */
  readonly runFolder: string | undefined;
}

/**
 * For a person: what runs where, and what to do next.
 * @param columns the terminal's width. Default: that of standard output. Without it, no line is broken.
 */
export const formatSystem = (
  { system, consoleUrl, logFolder, runFolder = '' }: ShownSystem,
  columns = process.stdout.columns,
): string => {
  const { cassandra, pubsub, functions, functionUrls, projectId, keyspace } = system;
  const tally = runFolder === '' ? 'npx tally' : `TALLY_RUN_FOLDER=${shellWord(runFolder)} npx tally`;
  const rows = [cassandra, pubsub, ...functions].map(toRow);
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  const table = rows.map(([name, address, what]) => {
    const place = `${name.padEnd(widths[0] ?? 0)}  ${address.padEnd(widths[1] ?? 0)}  `;
    return wrapText(place + what, columns, place.length);
  });
  return [
    '',
    ...table,
    '',
    ...noticesOf(system).flatMap((notice) => [wrapText(notice, columns), '']),
    `project ${projectId}${keyspace === '' ? '' : `, keyspace ${keyspace}`}`,
    `logs in ${logFolder}`,
    '',
    'Watch it at work:',
    `  ${consoleUrl}`,
    '',
    'Send one order, then see what became of it:',
    `  ${tally} publish order examples/order.json`,
    `  ${tally} order 7017`,
    '',
    'Send the traffic of the reference, then see what became of all of it:',
    `  curl -sS -d '{"preset":"reference"}' ${functionUrls.simulate} > answer.json`,
    `  ${tally} audit --expect answer.json`,
    '',
    'Ctrl-C stops everything.',
  ].join('\n');
};

/** What everybody must know who looks at a result of this system. */
export const noticesOf = ({ cassandra, pubsub }: Pick<LocalSystem, 'cassandra' | 'pubsub'>): string[] =>
  [cassandra.notice, pubsub.notice].filter((notice) => notice !== undefined);

const toRow = ({ name, kind, address, why, keepsState }: LocalPart): readonly [string, string, string] =>
  kind === 'functions-framework'
    ? [name, address, why]
    : [
        name,
        // No client can use the address of the store in memory: it speaks no CQL.
        kind === 'memory' ? 'none' : address,
        `${kind}, keeps ${keepsState ? 'its' : 'no'} data (${why})`,
      ];
