import type { LocalPart } from '../local/part.ts';
import type { LocalSystem } from '../local/up.ts';

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
  });

/** What runs where, and what to do next. */
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
    ...(cassandra.kind === 'memory' ? [MEMORY_BANNER, ''] : []),
    `project ${projectId}, keyspace ${keyspace}, logs in ${logFolder}`,
    '',
    'Send the reference system’s own traffic, then see what became of it:',
    `  curl -s -X POST ${functionUrls.simulate} -d '{"preset":"seed","scenario":"A"}'`,
    '  npx tally audit',
    '',
    'Ctrl-C stops everything.',
  ].join('\n');
};

/** Said loudly, for results on this store prove nothing about Cassandra. */
export const MEMORY_BANNER = [
  '!!! No Cassandra: the store is this process’s memory. It keeps nothing when it stops, and what it',
  '!!! shows is the protocol only. Install Java 17 and Maven, or start Docker, for the real thing.',
].join('\n');

const toRow = ({ name, kind, address, why, keepsState }: LocalPart): string[] => [
  name,
  address,
  kind,
  keepsState ? 'state is kept' : 'no state kept',
  why,
];
