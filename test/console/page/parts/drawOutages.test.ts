import { expect, it, vi } from 'vitest';
import { drawOutageWords } from '../../../../console/page/parts/drawOutages.ts';

type Plot = Parameters<typeof drawOutageWords>[0];

it('writes the words of an outage beside its band, whatever way the axes have written', () => {
  vi.stubGlobal('devicePixelRatio', 1);
  vi.stubGlobal('document', { documentElement: undefined });
  vi.stubGlobal('getComputedStyle', () => ({ getPropertyValue: () => '#000' }));
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
  vi.unstubAllGlobals();
});
