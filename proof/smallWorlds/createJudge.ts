import { namedCells } from '../simulation/cassandra/cells.ts';
import type { Replica } from '../simulation/cassandra/replica.ts';
import { tableNamed } from '../simulation/cassandra/statements.ts';
import { judgeReports, reasonOf } from './judgeReports.ts';
import { judgeRows } from './judgeRows.ts';
import { liveCells } from './liveCells.ts';
import type { ScriptedHandlers } from './scriptedHandlers.ts';
import { ORDER_ID, type WorldSpec } from './smallWorlds.ts';

/** What a quorum has at one moment. */
export interface Look {
  /** The acked ones of the messages that a producer published, as bits of their places in the world. */
  readonly acked: number;
  /** The writes that the quorum has, as bits. */
  readonly bits: number;
  /** The numbers of all messages that were published, with those that Tally published. */
  readonly published: readonly number[];
  /** All of these are acked. */
  readonly isDone: boolean;
}

interface Judge {
  /** Which promise is broken; undefined when none is. */
  readonly judge: (look: Look) => string | undefined;
  /** How many messages told a finding that must be told, when a quorum has these writes. */
  readonly tellersIn: (bits: number) => number;
}

/** The judge of a small world. A look is judged once, also when many states have it. */
export const createJudge = (spec: WorldSpec, handlers: ScriptedHandlers): Judge => {
  const findings = spec.told.filter((reason) => reason !== 'unmatched');
  const judged = new Map<string, string | undefined>();
  let firstDump: string | undefined;

  /** I4: all ends are equal to the first one. No formula says what an end must be. */
  const differenceOf = (replica: Replica): string | undefined => {
    const dump = dumpOf(replica);
    firstDump ??= dump;
    return dump === firstDump ? undefined : `I4: two ends differ:\n${firstDump}\nand\n${dump}`;
  };
  const judgeAnew = ({ acked: ackedBits, bits, published, isDone }: Look): string | undefined => {
    const replica = handlers.replicaWith(bits);
    const acked = spec.messages.filter((_, place) => (ackedBits & (1 << place)) !== 0);
    const told = {
      published: published.flatMap((number) => handlers.messages[number] ?? []),
      rows: [...replica.rows('dead_letters')],
      isDone,
    };
    return (
      judgeRows(spec, acked, replica) ??
      judgeReports(spec, acked, told) ??
      (acked.length === spec.messages.length ? differenceOf(replica) : undefined)
    );
  };

  return {
    judge: (look) => {
      const key = `${look.acked} ${look.bits} ${look.isDone} ${look.published.join()}`;
      if (!judged.has(key)) judged.set(key, judgeAnew(look));
      return judged.get(key);
    },
    tellersIn: (bits) => {
      const written = handlers.writes.flatMap((rows, write) => ((bits & (1 << write)) === 0 ? [] : rows));
      const reports = written.filter(
        (row) => row.table.name === 'dead_letters' && findings.includes(reasonOf(row)),
      );
      return new Set(reports.map((row) => liveCells('dead_letters', row).get('told_by'))).size;
    },
  };
};

/** The ledger and the row of the order, with all write times. */
const dumpOf = (replica: Replica): string =>
  ['ledger_by_order', 'orders_payments_facts']
    .flatMap((table) =>
      replica.read(table, String(ORDER_ID)).map(({ row, cells }) => {
        const texts = [...namedCells(tableNamed(table), cells)].map(
          ([column, { value, writeTime }]) => `${column}=${String(value)}@${writeTime}`,
        );
        return `${table} ${row}: ${texts.join(' ')}`;
      }),
    )
    .toSorted()
    .join('\n');
