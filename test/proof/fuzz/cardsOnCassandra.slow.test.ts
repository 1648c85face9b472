import { describe, expect, it } from 'vitest';
import { hasCassandra } from '../../support/cassandra/testKeyspace.ts';
import { setUpIntegration } from '../../support/functions/integration.ts';
import type { Pipeline } from '../../support/functions/pipeline.ts';
import { until } from '../../../proof/until.ts';
import { type Planted, plantCard } from '../../../proof/fuzz/generate/plantCard.ts';
import { randomOf } from '../../../proof/fuzz/generate/randomOf.ts';
import { leakIn, leakInCell, leakInLine } from '../../../proof/fuzz/judge/leaks.ts';
import { cardOf } from '../../../proof/fuzz/suites/cardsSuite.ts';

const SEED = 11;
const REQUESTS = 400;
const TABLES = ['orders_payments_facts', 'ledger_by_order', 'dead_letters'];

/** Whether an HTTP client can send the request. */
const isSendable = ({ request: { method, headers } }: Planted): boolean =>
  method === 'POST' && /^[\x20-\x7e]*$/.test(String(headers.traceparent ?? ''));

const send = async (urls: Pipeline['urls'], { consumer, request }: Planted) => {
  const { traceparent } = request.headers;
  const response = await fetch(urls[consumer], {
    method: request.method,
    headers: {
      'content-type': 'application/octet-stream',
      ...(typeof traceparent === 'string' ? { traceparent } : {}),
    },
    body: new Uint8Array(request.rawBody),
  });
  return { status: response.status, answer: await response.text() };
};

/** Whether every published dead letter has been handled. */
const isQuiet = (pipeline: Pipeline): boolean => {
  const outcomes = pipeline.outcomes();
  const recorded = new Set(
    outcomes.filter((each) => each.function === 'onDlq').map(({ event_id }) => event_id),
  );
  return outcomes
    .filter(({ settlement }) => settlement === 'reject')
    .every(({ event_id }) => recorded.has(event_id));
};

describe.skipIf(!hasCassandra)(`card numbers in hostile requests, seed ${SEED}, on a real Cassandra`, () => {
  const { start, client } = setUpIntegration();

  it(`reach no cell, no log line and no answer, with ${REQUESTS} requests`, async () => {
    const pipeline = await start();
    const planted = Array.from({ length: REQUESTS }, (_, index) =>
      plantCard(cardOf(SEED, index), randomOf(SEED, index)),
    ).filter(isSendable);

    const leaks: string[] = [];
    const statuses = new Map<number, number>();
    for (const one of planted) {
      const { status, answer } = await send(pipeline.urls, one);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      const leak = leakIn(answer);
      if (leak !== undefined) leaks.push(`${one.where}, in the answer: ${leak}`);
    }
    await until('every dead letter is recorded', () => isQuiet(pipeline));

    for (const line of pipeline.log().trimEnd().split('\n')) {
      const leak = leakInLine(line);
      if (leak !== undefined) leaks.push(`in the log: ${leak}`);
    }
    const cells = await allCells();
    for (const { table, column, value } of cells) {
      const leak =
        typeof value === 'string' || value instanceof Uint8Array ? leakInCell(column, value) : undefined;
      if (leak !== undefined) leaks.push(`${table}.${column}: ${leak}`);
    }
    expect(leaks).toEqual([]);
    expect(new Set(statuses.keys())).toEqual(new Set([204, 400]));
    expect(statuses.get(204)).toBeGreaterThan(100);
    expect(cells.length).toBeGreaterThan(1_000);
    expect(cells.some(({ value }) => typeof value === 'string' && value.includes('****'))).toBe(true);
  });

  const allCells = async () => {
    const connection = await client().connect();
    const results = await Promise.all(
      TABLES.map(async (table) => ({
        table,
        rows: (await connection.execute(`SELECT * FROM ${table}`)).rows,
      })),
    );
    return results.flatMap(({ table, rows }) =>
      rows.flatMap((row) =>
        row.keys().map((column): { table: string; column: string; value: unknown } => ({
          table,
          column,
          value: row.get(column),
        })),
      ),
    );
  };
});
