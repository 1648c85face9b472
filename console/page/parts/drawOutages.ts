import type uPlot from 'uplot';
import { format } from './format.ts';

export interface Outage {
  readonly fromMs: number;
  /** Null: it goes on. */
  readonly toMs: number | null;
  readonly text: string;
}

/** Labels at the right end must not touch. */
const LINE_PX = 12;

/** A colour of the theme that is shown now. The canvas does not know the variables of CSS. */
export const tokenOf = (name: string): string =>
  getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** Red bands behind the lines. */
export const drawOutages = (plot: uPlot, outages: readonly Outage[]): void => {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.fillStyle = tokenOf('--bad-t');
  for (const { from, to } of bandsOf(plot, outages))
    ctx.fillRect(from, bbox.top, Math.max(devicePixelRatio, to - from), bbox.height);
  ctx.restore();
};

/** The words of the bands beside them, over the lines, so that none of these strikes them through. */
export const drawOutageWords = (plot: uPlot, outages: readonly Outage[], font: string): void => {
  const { ctx, bbox } = plot;
  const ratio = devicePixelRatio;
  const gap = 4 * ratio;
  ctx.save();
  ctx.font = scaled(font, ratio);
  ctx.textBaseline = 'top';
  // The axes leave theirs behind, and the words would stand where they are cut off.
  ctx.textAlign = 'left';
  ctx.lineJoin = 'round';
  ctx.lineWidth = gap;
  ctx.strokeStyle = tokenOf('--paper');
  ctx.fillStyle = tokenOf('--bad');
  for (const { from, text } of bandsOf(plot, outages)) {
    const { width } = ctx.measureText(text);
    const left = from - gap - width;
    const x = left >= bbox.left ? left : Math.min(from + gap, bbox.left + bbox.width - width);
    ctx.strokeText(text, x, bbox.top + 2 * ratio);
    ctx.fillText(text, x, bbox.top + 2 * ratio);
  }
  ctx.restore();
};

/** The part of each outage that is in the chart, in pixels of the canvas. */
const bandsOf = (plot: uPlot, outages: readonly Outage[]) => {
  const { left, width } = plot.bbox;
  const right = left + width;
  return outages.flatMap(({ fromMs, toMs, text }) => {
    const from = Math.max(left, plot.valToPos(fromMs / 1_000, 'x', true));
    const to = toMs === null ? right : Math.min(right, plot.valToPos(toMs / 1_000, 'x', true));
    return to <= left || from >= right ? [] : [{ from, to, text }];
  });
};

/** Where a value stands between two gaps: no line leads to it. */
export const lonePoints = (values: ArrayLike<number | null | undefined>): number[] =>
  Array.from(values, (value, index) =>
    (value ?? null) !== null && (values[index - 1] ?? null) === null && (values[index + 1] ?? null) === null
      ? index
      : -1,
  ).filter((index) => index >= 0);

/** The name of each line and its last value, where the line ends. */
export const drawEnds = (plot: uPlot, font: string): void => {
  const { ctx, bbox, series, data } = plot;
  const ratio = devicePixelRatio;
  const ends = series.slice(1).map(({ label }, index) => {
    const values = data[index + 1] ?? [];
    const last = [...values].findLast((value) => value !== null && value !== undefined) ?? 0;
    return {
      text: `${typeof label === 'string' ? label : ''} ${endOf(values.at(-1))}`,
      y: plot.valToPos(last, 'y', true),
    };
  });
  ctx.save();
  ctx.font = scaled(font, ratio);
  ctx.fillStyle = tokenOf('--ink');
  ctx.textBaseline = 'middle';
  ctx.textAlign = 'left';
  let above = Number.POSITIVE_INFINITY;
  const line = LINE_PX * ratio;
  // From below upwards, so that a label moves up when it would touch the one below it. Above each is room for
  // the others.
  for (const [index, { text, y }] of ends.toSorted((a, b) => b.y - a.y).entries()) {
    const at = Math.min(Math.max(y, bbox.top + (ends.length - 1 - index) * line), above - line);
    ctx.fillText(text, bbox.left + bbox.width + 6 * ratio, at);
    above = at;
  }
  ctx.restore();
};

const endOf = (value: number | null | undefined): string =>
  Number.isInteger(value) ? format.count(value) : format.perSecond(value);

const scaled = (font: string, ratio: number): string =>
  font.replace(/^(\d+)px/, (_, size: string) => `${Number(size) * ratio}px`);
