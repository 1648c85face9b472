import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findFreePorts } from '../../local/localPorts.ts';
import { startLocal } from '../../local/startLocal.ts';
import { until } from '../../proof/until.ts';
import { loadConfig } from '../../shared/config.ts';
import { openAuditSource } from '../../shared/store/openAuditSource.ts';
import { type CollectedSpan, startCollector } from '../support/telemetry/startCollector.ts';

/** The simulator, the three consumers and Pub/Sub as processes, with a collector beside them. */
let folder: string;
let collector: Awaited<ReturnType<typeof startCollector>>;
let system: Awaited<ReturnType<typeof startLocal>>;
let source: Awaited<ReturnType<typeof openAuditSource>>;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tally-traces-'));
  collector = await startCollector();
  system = await startLocal({
    cassandra: 'memory',
    pubsub: 'local',
    ports: await findFreePorts(),
    downloadFolder: folder,
    logFolder: folder,
    dataFolder: join(folder, 'data'),
    env: { PATH: process.env.PATH, OTEL_EXPORTER_OTLP_ENDPOINT: collector.url },
    progress: () => {},
  });
  source = await openAuditSource(loadConfig(system.env).store);
});
afterAll(async () => {
  await source?.close();
  await system?.stop();
  await collector?.stop();
  await rm(folder, { recursive: true });
});

const nameOf = ({ service, name }: CollectedSpan): string => `${service}: ${name}`;

/** Each span of a trace with its parent, both by name. */
const treeOf = (spans: readonly CollectedSpan[]): readonly string[] =>
  spans
    .map((span) => {
      const parent = spans.find(({ spanId }) => spanId === span.parentSpanId);
      return `${nameOf(span)} < ${parent === undefined ? 'nothing' : nameOf(parent)}`;
    })
    .toSorted();

const simulate = async (request: object): Promise<void> => {
  const body = JSON.stringify({ preset: 'shop', orders: 1, early: 0, ...request });
  expect((await fetch(system.functionUrls.simulate, { method: 'POST', body })).status).toBe(200);
};

it('one trace leads from the simulator over the function and the dead letter to the row', async () => {
  const traceWith = (name: string): readonly CollectedSpan[] => {
    const found = collector.spans().find((span) => nameOf(span) === name);
    return collector.spans().filter(({ traceId }) => traceId === found?.traceId);
  };

  // A payment whose order never comes.
  await simulate({ missing: 1, seed: 7 });
  const last = 'onDlq: process dlq_payments_data-sub';
  await until('its trace', () => traceWith(last).some(({ name }) => name === 'process payments_data-sub'));

  const spans = traceWith(last);
  const process = 'onPayment: process payments_data-sub';
  expect(treeOf(spans)).toEqual(
    [
      `simulate: publish payments_data < nothing`,
      `${process} < simulate: publish payments_data`,
      `onPayment: record < ${process}`,
      `onPayment: read < ${process}`,
      `onPayment: fold < ${process}`,
      `onPayment: tell < ${process}`,
      `${last} < onPayment: tell`,
      `onDlq: tell < ${last}`,
      `onDlq: ack < ${last}`,
      `onPayment: ack < ${process}`,
    ].toSorted(),
  );
  const toldBy = spans.map(({ attributes }) => attributes['tally.event_id']).find((id) => id !== undefined);
  const letters = await Array.fromAsync(source.scanDeadLetters());
  expect(letters.map((letter) => letter.toldBy)).toEqual([toldBy]);
  for (const name of ['onPayment', 'onDlq']) {
    expect(await readFile(join(folder, `${name}.log`), 'utf8')).toContain(`traces/${spans[0]?.traceId}`);
  }
});

it('whoever shows a payment in its order’s row does so in the trace of its message', async () => {
  await simulate({ seed: 8 });
  const isShown = () => collector.spans().find(({ name }) => name === 'show');
  await until('the row', () => isShown() !== undefined);
  const { traceId } = isShown() ?? {};
  const processOf = () =>
    collector.spans().find((span) => span.traceId === traceId && span.name.startsWith('process'));
  await until('the end', () => processOf() !== undefined);

  const orderId = BigInt(String(processOf()?.attributes['tally.order_id']));
  const { fact } = await source.findOrderRecord(orderId);
  expect(fact?.payment).toBeDefined();
  const publish = collector.spans().find((span) => span.traceId === traceId && span.parentSpanId === '');
  expect(publish?.name).toMatch(/^publish (?:orders|payments)_data$/);
});
