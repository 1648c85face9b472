import { describe, expect, it } from 'vitest';
import type { CloudFigures } from '../../../console/cloud/readCloudFigures.ts';
import { createCloudFeed } from '../../../console/cloud/createCloudFeed.ts';
import { until } from '../../../proof/until.ts';

const NOW_MS = Date.parse('2026-01-01T10:00:00Z');
const unknown = { perSecond: null, total: null };
const FIGURES: CloudFigures = {
  figures: {
    published: { perSecond: 12, total: null },
    acked: unknown,
    matched: unknown,
    retries: unknown,
    outcomes: {},
    endToEnd: null,
  },
  edges: { topics: {}, subscriptions: {}, functions: {}, tables: {}, redrivesPerSecond: null },
  oldestAtMs: NOW_MS - 180_000,
  newestAtMs: NOW_MS - 120_000,
};

const open = (readFigures: (nowMs: number) => Promise<CloudFigures>) => {
  const feed = createCloudFeed({ readFigures, sumsVersion: () => 7, clock: () => NOW_MS });
  return { feed, reader: feed.open({ text: '', topic: '', outcomes: [] }) };
};

describe('the feed of Google Cloud', () => {
  it('says first that it knows nothing, then the rates with their age', async () => {
    const { feed, reader } = open(async () => FIGURES);

    const first = reader.next();
    const second = await until('the figures', () => {
      const frame = reader.next();
      return frame.figures.published.perSecond === 12 && frame;
    });

    expect(first.figures.published).toEqual(unknown);
    expect(first.source).toEqual({ name: expect.stringContaining('has not answered yet'), ageMs: null });
    expect(second.source).toEqual({ name: 'Cloud Monitoring', ageMs: 180_000 });
    expect(second.rows).toEqual([]);
    expect(feed.history(0).points).toMatchObject([{ atMs: FIGURES.newestAtMs, published: 12, acked: null }]);
    await feed.stop();
  });

  it('has no age and no history of rates that Monitoring does not have', async () => {
    const { feed, reader } = open(async () => ({ ...FIGURES, oldestAtMs: null, newestAtMs: null }));

    const source = await until('the answer', () => {
      const { source: said } = reader.next();
      return !said.name.includes('not answered yet') && said;
    });

    expect(source).toEqual({ name: 'Cloud Monitoring, which has none', ageMs: null });
    expect(feed.history(0).points).toEqual([]);
    await feed.stop();
  });

  it('has each moment once in its history', async () => {
    let reads = 0;
    const feed = createCloudFeed({
      readFigures: async () => {
        reads += 1;
        return FIGURES;
      },
      sumsVersion: () => 0,
      clock: () => NOW_MS,
      everyMs: 1,
    });
    const reader = feed.open({ text: '', topic: '', outcomes: [] });

    await until('three reads', () => {
      reader.next();
      return reads > 2;
    });

    expect(feed.history(0).points).toHaveLength(1);
    await feed.stop();
  });

  it('says why rates are not known', async () => {
    const { feed, reader } = open(() => Promise.reject(new Error('monitoring answered 403')));

    const notices = await until('the notice', () => {
      const { notices: said } = reader.next();
      return said.length > 0 && said;
    });

    expect(notices).toEqual([{ kind: 'rates', sinceMs: NOW_MS, text: 'monitoring answered 403' }]);
    await feed.stop();
  });
});
