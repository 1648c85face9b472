import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { drawEnds, drawOutageWords, lonePoints } from '../../../../console/page/parts/drawOutages.ts';

type Plot = Parameters<typeof drawOutageWords>[0];

beforeEach(() => {
  vi.stubGlobal('devicePixelRatio', 1);
  vi.stubGlobal('document', { documentElement: undefined });
  vi.stubGlobal('getComputedStyle', () => ({ getPropertyValue: () => '#000' }));
});
afterEach(() => vi.unstubAllGlobals());

it('writes the words of an outage beside its band, whatever way the axes have written', () => {
  const written: unknown[] = [];
  const ctx = {
    textAlign: 'right',
    save: () => {},
    restore: () => {},
    strokeText: () => {},
    measureText: () => ({ width: 100 }),
    fillText: (text: string, x: number) => written.push([text, x, ctx.textAlign]),
  };
  const plot = { ctx, bbox: { left: 0, top: 0, width: 500, height: 100 }, valToPos: (at: number) => at };

  drawOutageWords(plot as unknown as Plot, [{ fromMs: 200_000, toMs: 220_000, text: 'away' }], '11px sans');

  expect(written).toEqual([['away', 96, 'left']]);
});

it.each([
  ['at the top', [100, 100, 100], [8, 20, 32]],
  ['above it, when the last value is older than what is shown', [400, 300, 300], [8, 20, 32]],
  ['at the bottom', [0, 0, 0], [84, 96, 108]],
  ['apart', [0, 50, 100], [8, 58, 108]],
])(
  'writes the names of lines that end %s one below the other, and all of them in the chart',
  (_where, values, ys) => {
    const written: number[] = [];
    const ctx = {
      save: () => {},
      restore: () => {},
      fillText: (_text: string, _x: number, y: number) => written.push(y),
    };
    const plot = {
      ctx,
      bbox: { left: 0, top: 8, width: 500, height: 100 },
      series: [{}, ...values.map((_, index) => ({ label: `p${index}` }))],
      data: [[1], ...values.map((value) => [value])],
      valToPos: (value: number) => 108 - value,
    };

    drawEnds(plot as unknown as Plot, '11px sans');

    expect(written.toSorted((a, b) => a - b)).toEqual(ys);
  },
);

it('finds the points that no line leads to', () => {
  expect(lonePoints([5, null, 7, 8, null, 9, undefined, 3])).toEqual([0, 5, 7]);
});
