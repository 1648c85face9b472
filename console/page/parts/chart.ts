import { useEffect, useRef } from 'preact/hooks';
import type uPlot from 'uplot';
import { html } from '../html.ts';
import { drawEnds, drawOutages, drawOutageWords, lonePoints, type Outage, tokenOf } from './drawOutages.ts';

const HEIGHT_PX = 148;
/** Room at the right for the names of the series. */
const ENDS_PX = 92;
const FONT = '11px "Liberation Sans", Arial, sans-serif';

/** Weight and dash tell series apart, not their colour. The first one is the one to look at. */
const LOOKS = [
  { token: '--ink', width: 1.75, dash: [] },
  { token: '--ink2', width: 1.25, dash: [] },
  { token: '--ink3', width: 1.25, dash: [2, 2] },
] as const;

interface ChartSeries {
  readonly name: string;
  /** Null is a gap. */
  readonly values: readonly (number | null)[];
}

interface ChartProps {
  readonly title: string;
  /** Milliseconds since 1970, oldest first. */
  readonly times: readonly number[];
  /** At most three, the most important first. */
  readonly series: readonly ChartSeries[];
  readonly outages: readonly Outage[];
  /** How much time the chart shows. */
  readonly spanMs: number;
  /** What the chart shows, for whoever cannot see it. */
  readonly sentence: string;
}

/** Lines over time, with their names and last values at the right end, and outages as red bands. */
export const Chart = ({ title, times, series, outages, spanMs, sentence }: ChartProps) => {
  const holder = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const bands = useRef(outages);
  bands.current = outages;
  const data = [times.map((ms) => ms / 1_000), ...series.map(({ values }) => values)] as uPlot.AlignedData;
  const latest = useRef(data);
  latest.current = data;

  useEffect(() => {
    let isGone = false;
    const place = holder.current;
    const redraw = (): void => plot.current?.redraw(false);
    const dark = matchMedia('(prefers-color-scheme: dark)');
    const theme = new MutationObserver(redraw);
    const size = new ResizeObserver(() =>
      plot.current?.setSize({ width: Math.max(200, place?.clientWidth ?? 0), height: HEIGHT_PX }),
    );
    const start = async (): Promise<void> => {
      const { default: UPlot } = await import('uplot');
      if (isGone || place === null) return;
      const names = series.map(({ name }) => name);
      const options = optionsOf(names, place.clientWidth, spanMs, () => bands.current);
      plot.current = new UPlot(options, latest.current, place);
      size.observe(place);
      theme.observe(document.documentElement, { attributeFilter: ['data-theme'] });
      dark.addEventListener('change', redraw);
    };
    void start();
    return () => {
      isGone = true;
      size.disconnect();
      theme.disconnect();
      dark.removeEventListener('change', redraw);
      plot.current?.destroy();
      plot.current = null;
    };
  }, []);
  useEffect(() => plot.current?.setData(data), [times, series, outages]);

  return html`<figure>
    <figcaption><h2>${title}</h2></figcaption>
    <div class="plot" ref=${holder} aria-hidden="true"></div>
    <p class="sr">${sentence}</p>
  </figure>`;
};

const optionsOf = (
  names: readonly string[],
  width: number,
  spanMs: number,
  outages: () => readonly Outage[],
): uPlot.Options => ({
  width: Math.max(200, width),
  height: HEIGHT_PX,
  padding: [8, ENDS_PX, 0, 0],
  legend: { show: false },
  cursor: { show: false },
  scales: {
    x: { time: true, range: (_, __, to) => [to - spanMs / 1_000, to] },
    y: { range: (_, __, to) => [0, niceTop(to)] },
  },
  axes: [
    {
      stroke: () => tokenOf('--ink2'),
      font: FONT,
      size: 20,
      gap: 4,
      grid: { show: false },
      ticks: { show: false },
      space: 60,
      values: (_, splits) => splits.map((at) => (at % 60 === 0 ? clock.format(at * 1_000) : '')),
      incrs: [60, 120],
    },
    {
      stroke: () => tokenOf('--ink2'),
      font: FONT,
      size: 42,
      gap: 6,
      grid: { stroke: () => tokenOf('--hair'), width: 1 },
      ticks: { show: false },
      space: 34,
      values: (_, splits) => splits.map((value) => value.toLocaleString('en')),
    },
  ],
  series: [
    {},
    ...names.map((label, index) => {
      const { token, width: stroke, dash } = LOOKS[index] ?? LOOKS[2];
      const color = (): string => tokenOf(token);
      const points = { show: true, size: 4, fill: color, filter: pointsOf };
      return { label, width: stroke, dash: [...dash], stroke: color, points };
    }),
  ],
  hooks: {
    drawClear: [(plot) => drawOutages(plot, outages())],
    draw: [(plot) => drawEnds(plot, FONT), (plot) => drawOutageWords(plot, outages(), FONT)],
  },
});

const pointsOf: uPlot.Series.Points.Filter = ({ data }, index) => lonePoints(data[index] ?? []);

const clock = new Intl.DateTimeFormat('en-GB', { timeStyle: 'short' });

/**
 * `216` → 300: the next of 1, 1.5, 2, 3, 4, 5 or 8 times a power of ten. Nothing at all is drawn up to 10.
 */
const niceTop = (value: number | null): number => {
  const most = Math.max(value ?? 0, 1) * 1.05;
  const power = 10 ** Math.floor(Math.log10(most));
  const top = [1, 1.5, 2, 3, 4, 5, 8, 10].find((factor) => factor * power >= most) ?? 10;
  return Math.max(10, top * power);
};
