import { useEffect, useRef, useState } from 'preact/hooks';
import type { StreamRow, Topology } from '../../../../contract.ts';
import { html } from '../../../html.ts';
import { type Drawing, wayKey } from './drawing.ts';

const AT_ONCE_MAX = 8;
/** At most so many a second on each edge, which all begin at a topic. */
const PER_SECOND_MAX = 4;
const TRAVEL_MS = 1_600;

/** What was acked longer ago is no news: the first frame lists up to 200 old messages. */
const NEWS_MS = 5_000;

interface DotsProps {
  readonly rows: readonly StreamRow[];
  /** The time of the frame that brought the rows. */
  readonly atMs: number;
  readonly drawing: Drawing;
  readonly topology: Topology;
}

interface Dot {
  readonly key: string;
  readonly path: string;
  readonly endsAtMs: number;
}

/** A message that is newly listed in Stream travels once along its way. Nothing else moves by itself. */
export const Dots = ({ rows, atMs: frameAtMs, drawing, topology }: DotsProps) => {
  const [dots, setDots] = useState<readonly Dot[]>([]);
  const seen = useRef<ReadonlySet<string>>(new Set(rows.map(({ key }) => key)));
  const started = useRef<{ readonly topic: string; readonly atMs: number }[]>([]);
  useEffect(() => {
    const nowMs = performance.now();
    const fresh = rows.filter(
      ({ key, attempts, publishedAtMs, tookMs }) =>
        !seen.current.has(key) && attempts.isAcked && frameAtMs - publishedAtMs - (tookMs ?? 0) < NEWS_MS,
    );
    seen.current = new Set(rows.map(({ key }) => key));
    if (matchMedia('(prefers-reduced-motion: reduce)').matches) return;
    started.current = started.current.filter(({ atMs }) => nowMs - atMs < 1_000);
    setDots((old) => {
      const moving = old.filter(({ endsAtMs }) => endsAtMs > nowMs);
      const added: Dot[] = [];
      for (const row of fresh) {
        if (moving.length + added.length >= AT_ONCE_MAX) break;
        if (started.current.filter(({ topic }) => topic === row.topic).length >= PER_SECOND_MAX) continue;
        started.current.push({ topic: row.topic, atMs: nowMs });
        added.push({ key: row.key, path: pathOf(row, drawing, topology), endsAtMs: nowMs + TRAVEL_MS });
      }
      return added.length === 0 && moving.length === old.length ? old : [...moving, ...added];
    });
  }, [rows]);
  return html`<g aria-hidden="true"
    >${dots.map(({ key, path }) => html`<${Traveller} key=${key} path=${path} />`)}</g
  >`;
};

const Traveller = ({ path }: { readonly path: string }) => {
  const motion = useRef<SVGAnimateMotionElement>(null);
  const circle = useRef<SVGCircleElement>(null);
  useEffect(() => {
    motion.current?.beginElement();
    // It is gone when it has arrived, also when no frame comes any more.
    const timer = setTimeout(() => circle.current?.setAttribute('visibility', 'hidden'), TRAVEL_MS);
    return () => clearTimeout(timer);
  }, []);
  return html`<circle ref=${circle} class="dot" r="2.6">
    <animateMotion ref=${motion} dur=${`${TRAVEL_MS}ms`} begin="indefinite" path=${path} />
  </circle>`;
};

/**
 * From the producer to the table, or to where people are told of it. The boxes hide where it passes through.
 */
const pathOf = (row: StreamRow, { edges }: Drawing, topology: Topology): string => {
  const subscription = topology.subscriptions.find(({ topic }) => topic === row.topic);
  const told = subscription?.deadLetterTopic ?? '';
  const isTold = row.outcome === 'parked' || row.outcome === 'invalid' || row.findings.length > 0;
  const last = topology.subscriptions.find(({ topic }) => topic === told);
  const consumer = subscription?.consumer ?? '';
  const names = [
    row.topic,
    subscription?.name ?? '',
    consumer,
    ...(isTold ? [told, last?.name ?? '', last?.consumer ?? ''] : []),
  ];
  const table = topology.writes.find(({ from }) => from === names.at(-1))?.to ?? '';
  const ways = new Map(edges.map(({ from, to, path }) => [wayKey(from, to), path]));
  const first = edges.find(({ to }) => to === row.topic)?.path ?? '';
  const steps = [...names, table].slice(1).map((to, index) => ways.get(wayKey(names[index] ?? '', to)) ?? '');
  // Each path begins where the one before it ends, or at the other side of the same box.
  return [first, ...steps.map((path) => path.replace(/^M/, 'L'))].join('');
};
