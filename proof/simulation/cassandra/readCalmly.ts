import { readFrom } from './readFrom.ts';
import { mergeRows, type Replica, type StoredRow } from './replica.ts';
import { compile, type ModelRow, tableNamed } from './statements.ts';

/** Reads from these replicas of a world at rest, and merges their answers. */
export const readCalmly = (
  replicas: readonly Replica[],
  query: string,
  params: readonly unknown[],
): ModelRow[] => {
  const statement = compile(query);
  if (statement.kind !== 'read') throw new Error(`expected a read, got: ${query}`);
  const bound = statement.bind(params);
  const { table, from } = bound;
  if ('after' in from) return bound.toRows(scanRange(replicas, table.name, from));
  return bound.toRows(
    mergeRows(
      table,
      replicas.map((replica) => readFrom(replica, bound)),
    ),
  );
};

function* scanRange(
  replicas: readonly Replica[],
  name: string,
  { after, upTo }: { readonly after: bigint; readonly upTo: bigint },
): Generator<StoredRow & { readonly token: bigint }> {
  const table = tableNamed(name);
  const inRange = new Map<string, bigint>();
  for (const replica of replicas) {
    for (const partition of replica.partitions(name)) {
      const token = tokenOf(partition);
      if (token > after && token <= upTo) inRange.set(partition, token);
    }
  }
  for (const [partition, token] of [...inRange].toSorted(([, a], [, b]) => (a < b ? -1 : 1))) {
    const rows = mergeRows(
      table,
      replicas.map((replica) => replica.read(name, partition)),
    );
    for (const { row, keys, cells } of rows) yield { row, keys, cells, token };
  }
}

const tokens = new Map<string, bigint>();

/** Any function spreads the keys over the ring well enough, if one key has one token in all tables. */
const tokenOf = (partition: string): bigint => {
  let token = tokens.get(partition);
  if (token === undefined) {
    token = hashOf(partition);
    tokens.set(partition, token);
  }
  return token;
};

/** FNV-1a: http://www.isthe.com/chongo/tech/comp/fnv/ */
const hashOf = (text: string): bigint => {
  let hash = 0xcbf29ce484222325n;
  for (let index = 0; index < text.length; index += 1) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(text.charCodeAt(index))) * 0x100000001b3n);
  }
  return BigInt.asIntN(64, hash);
};
