import { describe, expect, it } from 'vitest';
import type { EdgeFigures, Topology } from '../../../../../console/contract.ts';
import { describeTopology } from '../../../../../console/describeTopology.ts';
import { draw, type MapFigures } from '../../../../../console/page/views/overview/flow/draw.ts';
import type { Drawing } from '../../../../../console/page/views/overview/flow/drawing.ts';

const TOPOLOGY = describeTopology();

const edges: EdgeFigures = {
  topics: { orders_data: { perSecond: 108 } },
  subscriptions: {
    'orders_data-sub': { perSecond: 107, backlog: 37, oldestMs: 9_800, forwarded: 2 },
    'payments_data-sub': { perSecond: 0, backlog: 0, oldestMs: null, forwarded: 0 },
  },
  functions: {
    onOrder: { perSecond: 107, p95Ms: 31, errorsPerSecond: 0, fails: null, tells: { invalid: 0.7 } },
    onPayment: { perSecond: 0, p95Ms: 5, errorsPerSecond: 41, fails: '503', tells: {} },
    onDlq: { perSecond: 0, p95Ms: null, errorsPerSecond: 0, fails: null, tells: {} },
  },
  tables: { ledger_by_order: { writesPerSecond: 107 } },
  redrivesPerSecond: 0,
};
const FIGURES: MapFigures = {
  frame: { atMs: 10_000, edges, notices: [] },
  sums: { rows: { ledger_by_order: 18_334 } },
  from: undefined,
  cluster: '127.0.0.1:9042',
  isLocal: true,
};

const sayOf = ({ nodes }: Drawing, name: string) => nodes.find((node) => node.name === name)?.say;
const edgeOf = ({ edges: all }: Drawing, from: string, to: string) =>
  all.find((edge) => edge.from === from && edge.to === to);

describe.each(['wide', 'narrow'] as const)('the %s map', (layout) => {
  it('has a place for everything in the topology, inside its size, and no two on each other', () => {
    const { nodes, width, height } = draw(TOPOLOGY, FIGURES, layout);

    const names = [...TOPOLOGY.topics, ...TOPOLOGY.subscriptions].map(({ name }) => name);
    expect(nodes.map(({ name }) => name).toSorted()).toEqual(
      [...names, ...TOPOLOGY.functions, ...TOPOLOGY.tables].toSorted(),
    );
    for (const node of nodes) {
      expect(node.width).toBeGreaterThan(0);
      expect(node.x + node.width).toBeLessThanOrEqual(width);
      expect(node.y + node.height).toBeLessThanOrEqual(height);
    }
    const overlaps = nodes.flatMap((a, index) => nodes.slice(index + 1).filter((b) => isOn(a, b)));
    expect(overlaps).toEqual([]);
  });

  it('leads each message from its topic to a table', () => {
    const drawing = draw(TOPOLOGY, FIGURES, layout);

    for (const { name, topic, consumer } of TOPOLOGY.subscriptions) {
      expect(edgeOf(drawing, topic, name)?.path).toMatch(/^M[\d.]+ [\d.]+[HV]/);
      expect(edgeOf(drawing, name, consumer)).toBeDefined();
    }
    for (const { from, to } of TOPOLOGY.writes) expect(edgeOf(drawing, from, to)).toBeDefined();
  });

  it('says what waits, what fails and what is told', () => {
    const drawing = draw(TOPOLOGY, FIGURES, layout);

    expect(sayOf(drawing, 'orders_data-sub')).toBe('37 wait, oldest 0.2 s');
    expect(sayOf(drawing, 'payments_data-sub')).toBe('nothing waits');
    expect(sayOf(drawing, 'onOrder')).toBe('p95 31 ms');
    expect(sayOf(drawing, 'onPayment')).toBe('503, 41/s');
    expect(sayOf(drawing, 'onDlq')).toBe('ready');
    expect(sayOf(drawing, 'ledger_by_order')).toBe('18,334 rows; 107 written/s');
    expect(sayOf(drawing, 'dlq_orders_data')).toBe('forwarded 2');
    expect(edgeOf(drawing, 'onOrder', 'dlq_orders_data')?.labels[0]?.text).toBe('invalid 0.7');
    expect(edgeOf(drawing, 'payments_data-sub', 'onPayment')?.tone).toBe('attn');
  });

  it('has no function that is ready where one worker pulls for all of them', () => {
    const drawing = draw(TOPOLOGY, { ...FIGURES, isPulled: true }, layout);

    const said = ['onOrder', 'onPayment', 'onDlq'].map((name) => sayOf(drawing, name));
    expect(said).toEqual(['p95 31 ms', '503, 41/s', 'in the worker']);
  });

  it('says that nobody knows, and not 0', () => {
    const drawing = draw(TOPOLOGY, { ...FIGURES, frame: null, sums: null }, layout);

    expect(sayOf(drawing, 'orders_data-sub')).toBe('not known here');
    expect(edgeOf(drawing, 'orders_data', 'orders_data-sub')?.perSecond).toBeNull();
  });

  it('says that nobody knows what a function of an environment does and tells', () => {
    const onOrder = { perSecond: null, p95Ms: null, errorsPerSecond: null, fails: null, tells: null };
    const frame = { atMs: 10_000, edges: { ...edges, functions: { onOrder } }, notices: [] };
    const drawing = draw(TOPOLOGY, { ...FIGURES, frame }, layout);

    expect(sayOf(drawing, 'onOrder')).toBe('not known here');
    expect(edgeOf(drawing, 'onOrder', 'dlq_orders_data')?.labels[0]?.text).toBe('–');
  });

  it('says of when the rows are, where nobody knows what is written now', () => {
    const frame = { atMs: 10_000, edges: { ...edges, tables: {} }, notices: [] };
    const drawing = draw(TOPOLOGY, { ...FIGURES, frame, from: 'from 14:32:14' }, layout);

    expect(sayOf(drawing, 'ledger_by_order')).toBe('18,334 rows from 14:32:14');
    expect(sayOf(drawing, 'dead_letters')).toBe('– written/s');
  });

  it('shows where an outage is', () => {
    const notices = [{ kind: 'cassandra', sinceMs: 1, text: '' }] as const;
    const drawing = draw(TOPOLOGY, { ...FIGURES, frame: { atMs: 10_000, edges, notices } }, layout);

    expect(drawing.cluster).toMatchObject({ tone: 'bad', text: 'Cassandra does not answer' });
    expect(sayOf(drawing, 'dead_letters')).toBe('no answer');
  });

  it('names no topic itself: another topology is drawn as well', () => {
    const other: Topology = JSON.parse(JSON.stringify(TOPOLOGY).replaceAll('orders_data', 'returns'));
    const drawing = draw(other, FIGURES, layout);

    expect(drawing.nodes.some(({ name }) => name === 'returns-sub')).toBe(true);
    expect(JSON.stringify(drawing)).not.toContain('orders_data');
  });
});

it('says producers where the simulator is one of many', () => {
  const { nodes } = draw(TOPOLOGY, { ...FIGURES, isLocal: false }, 'wide');

  expect(nodes[0]).toMatchObject({ name: 'producers', say: 'yours' });
});

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const isOn = (a: Box, b: Box): boolean =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
