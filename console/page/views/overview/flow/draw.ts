import type { Frame, Sums, Topology } from '../../../../contract.ts';
import { format } from '../../../parts/format.ts';
import { type Drawing, type MapEdge, type MapNode, type MapTone, type Way, wayKey } from './drawing.ts';
import { narrowLayout } from './narrowLayout.ts';
import { type MapParts, partsOf, PRODUCERS } from './mapParts.ts';
import { wideLayout } from './wideLayout.ts';

/** What the map shows at one moment. */
export interface MapFigures {
  readonly frame: Pick<Frame, 'atMs' | 'edges' | 'notices'> | null;
  readonly sums: Pick<Sums, 'rows'> | null;
  /** As `sumsFrom` says it of the sums. */
  readonly from: string | undefined;
  readonly cluster: string;
  readonly isLocal: boolean;
  readonly isPulled?: boolean | undefined;
}

const LAYOUTS = { wide: wideLayout, narrow: narrowLayout };
const DAY_SECONDS = 24 * 60 * 60;

/** Makes the flow map from the code's own model. Pure: the same figures give the same drawing. */
export const draw = (topology: Topology, figures: MapFigures, layout: keyof typeof LAYOUTS): Drawing => {
  const parts = partsOf(topology, figures.isLocal);
  const { places, ways, cluster, ...size } = LAYOUTS[layout](parts);
  const isAway = figures.frame?.notices.some(({ kind }) => kind === 'cassandra') ?? false;
  const nodes = nodesOf(parts, figures, isAway).map((node): MapNode => ({
    ...node,
    ...(places.get(node.name) ?? { x: 0, y: 0, width: 0, height: 0 }),
  }));
  return {
    ...size,
    nodes,
    edges: edgesOf(parts, figures, isAway).flatMap((edge) =>
      withWay(edge, ways.get(wayKey(edge.from, edge.to))),
    ),
    cluster: {
      ...cluster,
      text: isAway ? 'Cassandra does not answer' : `Cassandra ${figures.cluster}`,
      tone: isAway ? 'bad' : '',
    },
  };
};

type Said = Omit<MapNode, 'x' | 'y' | 'width' | 'height'>;

const nodesOf = (
  parts: MapParts,
  { frame, sums, from, isPulled }: MapFigures,
  isAway: boolean,
): readonly Said[] => {
  const { inputs, deadLetters, subscriptions, consumers, tables, producer } = parts;
  const edges = frame?.edges;
  const quiet = { tone: '' as MapTone, waiting: 0 };
  const streamOf = (topic: string): MapNode['link'] =>
    inputs.includes(topic) ? { view: 'stream', query: { topic } } : { view: 'dead-letters' };
  const topicOf = (consumer: string): string =>
    subscriptions.find((one) => one.consumer === consumer)?.topic ?? '';
  return [
    {
      ...quiet,
      name: producer,
      kind: 'producer',
      say: producer === PRODUCERS ? 'yours' : 'and others',
      link: { view: 'stream' },
    },
    ...[...inputs, ...deadLetters].map((name): Said => {
      const own = subscriptions.filter(({ topic }) => topic === name);
      const forwarded = subscriptions
        .filter(({ deadLetterTopic }) => deadLetterTopic === name)
        .map((one) => edges?.subscriptions[one.name]?.forwarded ?? null);
      const days = Math.max(...own.map(({ retentionSeconds }) => retentionSeconds)) / DAY_SECONDS;
      const say = inputs.includes(name)
        ? `keeps ${days} days`
        : `forwarded ${format.count(sumOf(forwarded))}`;
      return { ...quiet, name, kind: 'topic', say, link: streamOf(name) };
    }),
    ...subscriptions.map(({ name, topic, consumer }): Said => {
      const { backlog = null, oldestMs = null } = edges?.subscriptions[name] ?? {};
      const isFailing = (edges?.functions[consumer]?.fails ?? null) !== null;
      const age = oldestMs === null || frame === null ? '' : `, oldest ${ageOf(frame.atMs - oldestMs)}`;
      const say =
        backlog === null
          ? 'not known here'
          : backlog === 0
            ? 'nothing waits'
            : `${format.count(backlog)} wait${age}`;
      const tone = (isFailing || isAway) && (backlog ?? 0) > 0 ? 'attn' : '';
      return { name, kind: 'subscription', say, tone, waiting: backlog ?? 0, link: streamOf(topic) };
    }),
    ...consumers.map((name): Said => ({
      ...quiet,
      ...functionOf(name, { frame, isPulled, isAway }),
      link: streamOf(topicOf(name)),
    })),
    ...tables.map((name) => tableOf(name, { parts, frame, sums, from, isAway })),
  ];
};

type FunctionFigures = Pick<MapFigures, 'frame' | 'isPulled'> & { readonly isAway: boolean };

const functionOf = (
  name: string,
  { frame, isPulled, isAway }: FunctionFigures,
): Pick<Said, 'name' | 'kind' | 'say' | 'tone'> => {
  const {
    perSecond = null,
    fails = null,
    errorsPerSecond = null,
    p95Ms = null,
  } = frame?.edges.functions[name] ?? {};
  const idle = isPulled === true ? 'in the worker' : 'ready';
  const quiet = isAway ? 'waits for Cassandra' : perSecond === null ? 'not known here' : idle;
  const works = p95Ms === null ? quiet : `p95 ${format.duration(p95Ms)}`;
  const say = fails === null ? works : `${fails}, ${format.rate(errorsPerSecond)}`;
  const tone = fails === null && !(isAway && p95Ms === null) ? '' : 'attn';
  return { name, kind: 'function', say: frame === null ? '' : say, tone };
};

interface TableFigures extends Pick<MapFigures, 'frame' | 'sums' | 'from'> {
  readonly parts: MapParts;
  readonly isAway: boolean;
}

const tableOf = (name: string, { parts, frame, sums, from, isAway }: TableFigures): Said => {
  const rows = sums?.rows[name];
  const perSecond = frame?.edges.tables[name]?.writesPerSecond ?? null;
  const written = `${format.perSecond(perSecond)} written/s`;
  const counted = `${format.count(rows)} rows`;
  const time = from === undefined ? '' : ` ${from}`;
  // There is no room for all three.
  const known = `${counted}${perSecond === null ? time : `; ${written}`}`;
  return {
    name,
    kind: 'table',
    say: isAway ? 'no answer' : rows === undefined ? written : known,
    tone: isAway ? 'bad' : '',
    waiting: 0,
    link: { view: name === parts.redriveFrom ? 'dead-letters' : 'order' },
  };
};

type Flow = Omit<MapEdge, 'path' | 'labels'> & { readonly texts: readonly string[] };

const edgesOf = (parts: MapParts, { frame }: MapFigures, isAway: boolean): readonly Flow[] => {
  const { producer, inputs, subscriptions, writes, tells, redriveFrom } = parts;
  const edges = frame?.edges;
  const rateOf = (topic: string): number | null => edges?.topics[topic]?.perSecond ?? null;
  const redrives = edges?.redrivesPerSecond ?? null;
  return [
    ...inputs.map((topic) => flow(producer, topic, rateOf(topic))),
    ...subscriptions.flatMap(({ name, topic, consumer }) => [
      flow(topic, name, rateOf(topic)),
      flow(
        name,
        consumer,
        edges?.subscriptions[name]?.perSecond ?? edges?.functions[consumer]?.perSecond ?? null,
        (edges?.functions[consumer]?.fails ?? null) === null ? '' : 'attn',
      ),
    ]),
    ...writes.map(({ from, to }) =>
      flow(from, to, edges?.functions[from]?.perSecond ?? null, isAway ? 'bad' : ''),
    ),
    ...tells.map(({ from, to }): Flow => {
      const known = edges?.functions[from]?.tells ?? null;
      const told = Object.entries(known ?? {});
      const perSecond = known === null ? null : (sumOf(told.map(([, rate]) => rate)) ?? 0);
      const texts = told.map(([what, rate]) => `${what} ${format.perSecond(rate)}`);
      return {
        from,
        to,
        perSecond,
        tone: '',
        texts: texts.length === 0 ? [format.perSecond(perSecond)] : texts,
      };
    }),
    ...(redriveFrom === undefined
      ? []
      : [
          {
            ...flow(redriveFrom, inputs.at(-1) ?? '', redrives),
            texts: [redrives === 0 ? 'redrive: none is running' : `redrive ${format.perSecond(redrives)}`],
          },
        ]),
  ];
};

/** What leads from one node to another, with its rate as its text. */
const flow = (from: string, to: string, perSecond: number | null, tone: MapTone = ''): Flow => ({
  from,
  to,
  perSecond,
  tone,
  texts: [format.perSecond(perSecond)],
});

const withWay = ({ texts, ...edge }: Flow, way: Way | undefined): MapEdge[] => {
  // Not every way is in each layout: the narrow map has no room for the redrive.
  if (way === undefined) return [];
  const { path, label, isStacked = false } = way;
  if (label === undefined) return [{ ...edge, path, labels: [] }];
  const lines = isStacked ? texts : [texts.join(', ')];
  const isDim = edge.perSecond === 0 || edge.perSecond === null;
  const labels = lines.map((text, line) => ({
    ...label,
    y: label.y + line * 13 - (lines.length - 1) * 6,
    text,
    isDim,
  }));
  return [{ ...edge, path, labels }];
};

/** Null when all are unknown. */
const sumOf = (values: readonly (number | null)[]): number | null => {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0);
};

/** Less than a second matters here. */
const ageOf = (ms: number): string =>
  ms < 10_000 ? `${(Math.max(0, ms) / 1_000).toFixed(1)} s` : format.age(ms);
