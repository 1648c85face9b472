import type { LocalPart } from '../local/localPart.ts';
import type { LocalSystem } from '../local/startLocal.ts';

/** The one line of `tally up --json`. */
export const readyLine = (system: LocalSystem): string =>
  JSON.stringify({
    event: 'ready',
    projectId: system.projectId,
    pubsub: system.pubsub.address,
    cassandra: system.cassandra.kind === 'memory' ? null : system.cassandra.address,
    keyspace: system.keyspace,
    functions: system.functionUrls,
    kinds: { cassandra: system.cassandra.kind, pubsub: system.pubsub.kind },
    notices: noticesOf(system),
  });

/** For a person: what runs where, and what to do next. */
export const formatSystem = (system: LocalSystem, logFolder: string): string => {
  const { cassandra, pubsub, functions, functionUrls, projectId, keyspace } = system;
  const rows = [cassandra, pubsub, ...functions].map(toRow);
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  const table = rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  return [
    '',
    ...table,
    '',
    ...noticesOf(system).flatMap((notice) => [notice, '']),
    `project ${projectId}, ${keyspace === '' ? '' : `keyspace ${keyspace}, `}logs in ${logFolder}`,
    '',
    'Send one order, then see what became of it:',
    '  npx tally publish order examples/order.json',
    '  npx tally order 17',
    '',
    'Send the traffic of the reference, then see what became of all of it:',
    `  curl -s -X POST ${functionUrls.simulate} -d '{"preset":"reference","scenario":"A"}'`,
    '  npx tally audit',
    '',
    'Ctrl-C stops everything.',
  ].join('\n');
};

/** What everybody must know who looks at a result of this system. */
export const noticesOf = ({ cassandra, pubsub }: Pick<LocalSystem, 'cassandra' | 'pubsub'>): string[] =>
  [cassandra.notice, pubsub.notice].filter((notice) => notice !== undefined);

const toRow = ({ name, kind, address, why, keepsState }: LocalPart): string[] => [
  name,
  address,
  kind,
  keepsState ? 'keeps its data' : 'keeps no data',
  why,
];
