import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createCloudFeed } from '../../../../console/cloud/createCloudFeed.ts';
import { createCloudSums } from '../../../../console/cloud/createCloudSums.ts';
import type { AuditPass } from '../../../../console/cloud/readAuditPass.ts';
import type { Sums } from '../../../../console/contract.ts';
import type { FeedFrame } from '../../../../console/feed/feed.ts';
import { QUIET_FRAME } from '../../../../console/feed/quietFeed.ts';
import { createLive, NOTHING_YET } from '../../../../console/page/frame/createLive.ts';
import { createQuietSums } from '../../../../console/sums/quietSums.ts';
import { until } from '../../../../proof/until.ts';
import { streamRow } from '../../../support/console/streamRow.ts';

/** The page's own part, without a browser. @param sums what the server answers when it asks for them. */
const openLive = (sums: () => Sums) => {
  const listeners = new Map<string, (event: unknown) => void>();
  let live = NOTHING_YET;
  let asked = 0;
  vi.stubGlobal('document', { hidden: false, addEventListener: () => {}, removeEventListener: () => {} });
  const reload = vi.fn<() => void>();
  vi.stubGlobal('location', { reload });
  vi.stubGlobal('requestAnimationFrame', queueMicrotask);
  vi.stubGlobal('fetch', async () => {
    asked += 1;
    return Response.json(sums());
  });
  vi.stubGlobal(
    'EventSource',
    class {
      addEventListener = (name: string, listen: (event: unknown) => void) => listeners.set(name, listen);
      close = () => {};
    },
  );
  const { tryNow, stop, togglePause, setFilter } = createLive(7, (next) => void (live = next));
  onTestFinished(() => {
    stop();
    vi.unstubAllGlobals();
  });
  return {
    live: () => live,
    asked: () => asked,
    take: (frame: FeedFrame, startedAtMs = 7) =>
      listeners.get('frame')?.({ data: JSON.stringify({ ...frame, startedAtMs }) }),
    reload,
    togglePause,
    setFilter,
    loseAndReopen: () => {
      listeners.get('error')?.({});
      tryNow();
    },
  };
};

describe('the page asks for the sums', () => {
  it('with its first frame and after a lost connection, and not with each frame', async () => {
    const page = openLive(createQuietSums().sums);
    const takeUntilAsked = async (times: number): Promise<void> => {
      for (const atMs of [1, 2, 3]) {
        page.take({ ...QUIET_FRAME, atMs });
        await until('the frame', () => page.live().frame?.atMs === atMs);
      }
      expect(page.asked()).toBe(times);
    };

    await takeUntilAsked(1);
    expect(page.live().sums?.problem).toContain('nobody counts');
    page.loseAndReopen();
    await takeUntilAsked(2);
  });

  it('of an environment whenever they have been read anew, also in vain', async () => {
    let read = Promise.withResolvers<AuditPass>();
    const sums = createCloudSums({ readPass: () => read.promise, clock: Date.now, everyMs: 1 });
    const feed = createCloudFeed({
      readFigures: () => Promise.reject(new Error('not asked here')),
      sumsVersion: sums.version,
      clock: Date.now,
    });
    const { next } = feed.open({ text: '', topic: '', outcomes: [] });
    const page = openLive(sums.sums);
    const untilShown = (fits: (shown: Sums) => boolean) =>
      until('the sums', () => {
        page.take(next());
        const { sums: shown } = page.live();
        return shown !== null && fits(shown);
      });
    /** The read that is under way ends, and the next one waits. */
    const endRead = (end: (one: PromiseWithResolvers<AuditPass>) => void): void => {
      const one = read;
      read = Promise.withResolvers();
      end(one);
    };
    await untilShown(({ progress }) => progress !== null);

    endRead(({ reject }) => reject(new Error('logging answered 403')));
    await untilShown(({ problem }) => problem === 'logging answered 403');
    for (const finishedAtMs of [1, 2]) {
      endRead(({ resolve }) => resolve({ lines: [], finishedAtMs, isCut: false }));
      await untilShown(({ passAtMs, problem }) => passAtMs === finishedAtMs && problem === null);
    }

    endRead(({ resolve }) => resolve({ lines: [], finishedAtMs: 3, isCut: false }));
    await Promise.all([feed.stop(), sums.stop()]);
  });
});

it('the page is loaded anew when another server answers on its port', async () => {
  const page = openLive(createQuietSums().sums);
  page.take({ ...QUIET_FRAME, atMs: 1 });
  await until('the frame', () => page.live().frame?.atMs === 1);
  expect(page.reload).not.toHaveBeenCalled();

  page.loseAndReopen();
  page.take({ ...QUIET_FRAME, atMs: 2 }, 8);

  expect(page.reload).toHaveBeenCalledOnce();
  expect(page.live()).toMatchObject({ state: 'lost', frame: { atMs: 1 } });
});

describe('rows that come while the page is paused', () => {
  const ALL = { text: '', topic: '', outcomes: [] };
  const open = () => {
    const page = openLive(createQuietSums().sums);
    let atMs = 0;
    /** The next frame of the connection, with these rows. */
    const take = async (keys: readonly string[], isCatchingUp = false): Promise<void> => {
      atMs += 1;
      page.take({ ...QUIET_FRAME, atMs, rows: keys.map((key) => streamRow(key)), isCatchingUp });
      await until('the frame', () => page.live().frame?.atMs === atMs);
    };
    const rows = () => page.live().rows.map(({ key }) => key);
    return { ...page, take, rows };
  };

  it('are held back and counted, until it goes on', async () => {
    const page = open();
    await page.take(['a']);
    page.togglePause();

    await page.take(['b']);
    expect([page.rows(), page.live().heldRows]).toEqual([['a'], 1]);

    page.togglePause();
    expect([page.rows(), page.live().heldRows]).toEqual([['b', 'a'], 0]);
  });

  it.each([ALL, undefined])('are shown first where the filter is another one, %j', async (filter) => {
    const page = open();
    await page.take(['a']);
    page.togglePause();

    page.setFilter(filter);
    await page.take(['b'], true);
    await page.take(['c']);
    await page.take(['d']);

    expect([page.rows(), page.live().heldRows]).toEqual([['c', 'b'], 1]);
  });

  it('are shown where there is nothing to freeze', async () => {
    const page = open();
    await page.take([]);
    page.togglePause();

    await page.take(['a']);
    await page.take(['b']);

    expect([page.rows(), page.live().heldRows]).toEqual([['a'], 1]);
  });
});
