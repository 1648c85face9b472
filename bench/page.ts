import { loadavg } from 'node:os';
import type { Browser, CDPSession } from 'playwright-core';
import { Command, Option } from 'commander';
import { runCommand } from '../cli/runCommand.ts';
import { wholeNumber } from '../cli/wholeNumber.ts';
import { describeTopology } from '../console/describeTopology.ts';
import { createLocalFeed, type LocalFeed } from '../console/feed/localFeed.ts';
import { startConsole } from '../console/startConsole.ts';
import { createQuietSums } from '../console/sums/quietSums.ts';
import { findFreePort } from '../local/ports.ts';
import { createMemoryStore } from '../shared/store/memoryStore.ts';
import { openBrowser } from './openBrowser.ts';
import { percentile } from './statistics.ts';
import { tellFeed, toldMessage } from './toldMessage.ts';

const MESSAGES_PER_SECOND = 2_000;
const TELL_EVERY_MS = 50;
/** A laptop's processor, as the budget of the page has it. */
const CPU_THROTTLE = 4;
const VIEWS = ['overview', 'stream'];
const LOADS = 9;
/** What is thrown away first: the page loads, and the JIT warms up. */
const WARM_UP_MS = 5_000;
const SECONDS_MAX = 4 * 3_600;
const MIB = 1024 * 1024;
/** Counts long tasks, how long a key waits until it is handled, and when the view has been painted. */
const OBSERVE = `
  window.longTasks = []; window.inputDelays = [];
  new PerformanceObserver((list) => { for (const { duration } of list.getEntries()) longTasks.push(duration); })
    .observe({ type: 'longtask' });
  new PerformanceObserver((list) => { for (const entry of list.getEntries())
    if (entry.name === 'keydown') inputDelays.push(entry.processingEnd - entry.startTime); })
    .observe({ type: 'event', durationThreshold: 16 });
  window.viewAtMs = new Promise((resolve) => new MutationObserver((_, observer) => {
    if (document.querySelector('main h1') === null) return;
    observer.disconnect();
    requestAnimationFrame(() => setTimeout(() => resolve(performance.now())));
  }).observe(document, { childList: true, subtree: true }));`;

/**
 * `npm run bench:page`: what the live page costs a browser with a processor of a quarter's speed, while 2,000
 * messages a second come. The messages are made up, and the console is a real one in this process. It prints
 * the figures of the page's budget for each view. On a busy machine they are worse than the page is.
 */
const main = async (seconds: number): Promise<void> => {
  const browser = await openBrowser();
  const feed = createLocalFeed({ clock: Date.now, isWitnessed: true });
  const stopTelling = tellAllTheTime(feed);
  try {
    await measureViews(browser, feed, seconds);
  } finally {
    stopTelling();
    feed.stop();
    await browser.close();
  }
  console.log(`load average at the end: ${(loadavg()[0] ?? 0).toFixed(1)}`);
};

const measureViews = async (browser: Browser, feed: LocalFeed, seconds: number): Promise<void> => {
  const page = await startConsole(depsOf(feed), await findFreePort());
  try {
    for (const view of VIEWS) {
      const url = `${page.url}#${view}`;
      console.log(
        `${view}: ${await measureLoads(browser, url)}; ${await measureWork(browser, url, seconds)}`,
      );
    }
  } finally {
    await page.stop();
  }
};

/** A tab with nothing in its cache, on a slow processor. */
const openTab = async (browser: Browser, url: string) => {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const tab = await context.newPage();
  const session = await context.newCDPSession(tab);
  await session.send('Emulation.setCPUThrottlingRate', { rate: CPU_THROTTLE });
  await tab.addInitScript(OBSERVE);
  await tab.goto(url);
  await tab.getByText('Live', { exact: true }).waitFor();
  return { tab, session };
};

const medianOf = (times: readonly number[]): string => percentile(times, 50).toFixed(0);

/** One load more or less decides nothing, so the median of several is told. */
const measureLoads = async (browser: Browser, url: string): Promise<string> => {
  const paints: number[] = [];
  const views: number[] = [];
  for (let load = 0; load < LOADS; load += 1) {
    const { tab } = await openTab(browser, url);
    paints.push(
      await tab.evaluate<number>(`performance.getEntriesByName('first-paint')[0]?.startTime ?? NaN`),
    );
    views.push(await tab.evaluate<number>('viewAtMs'));
    await tab.context().close();
  }
  return `first paint after ${medianOf(paints)} ms, the view after ${medianOf(views)} ms (medians of ${LOADS} loads)`;
};

const measureWork = async (browser: Browser, url: string, seconds: number): Promise<string> => {
  const { tab, session } = await openTab(browser, url);
  await session.send('Performance.enable');
  await tab.waitForTimeout(WARM_UP_MS);
  await tab.evaluate('longTasks.length = 0');
  const before = await read(session);
  for (let second = 0; second < seconds; second += 1) {
    // It is not bound to anything, so it only waits for its turn.
    await tab.keyboard.press('Shift');
    await tab.waitForTimeout(1_000);
  }
  const after = await read(session);
  const longTasks = await tab.evaluate<number[]>('longTasks');
  const delays = await tab.evaluate<number[]>('inputDelays');
  const elements = await tab.evaluate<number>(`document.querySelectorAll('*').length`);
  await tab.context().close();
  const share = (name: string): string =>
    `${((100 * (after.of(name) - before.of(name))) / (after.of('Timestamp') - before.of('Timestamp'))).toFixed(0)} %`;
  return [
    `scripting ${share('ScriptDuration')}, all work ${share('TaskDuration')} of a core`,
    `${longTasks.length} tasks over 50 ms, the longest ${Math.max(0, ...longTasks).toFixed(0)} ms`,
    `${delays.length} of ${seconds} keys painted after 16 ms or more; these were handled within ${Math.max(0, ...delays).toFixed(0)} ms, the median ${(percentile(delays, 50) || 0).toFixed(0)} ms`,
    `heap ${(before.heap / MIB).toFixed(1)} MiB, then ${(after.heap / MIB).toFixed(1)} MiB`,
    `${elements} elements`,
  ].join('; ');
};

/** The heap is read after a collection, so that two readings can be compared. */
const read = async (session: CDPSession) => {
  await session.send('HeapProfiler.collectGarbage');
  const { metrics } = await session.send('Performance.getMetrics');
  const of = (wanted: string): number => metrics.find(({ name }) => name === wanted)?.value ?? 0;
  return { of, heap: of('JSHeapUsedSize') };
};

/** Tells the feed so many messages that the rate holds, also when a timer came late. */
const tellAllTheTime = (feed: LocalFeed): (() => void) => {
  const startedAtMs = Date.now();
  let told = 0;
  const timer = setInterval(() => {
    const due = ((Date.now() - startedAtMs) * MESSAGES_PER_SECOND) / 1_000;
    for (; told < due; told += 1) tellFeed(feed, toldMessage(told, Date.now()));
  }, TELL_EVERY_MS);
  return () => clearInterval(timer);
};

const depsOf = (feed: LocalFeed): Parameters<typeof startConsole>[0] => ({
  place: {
    environment: 'local',
    isLocal: true,
    project: 'bench',
    keyspace: 'bench',
    cluster: 'memory',
    pubsub: 'made up',
    startedAtMs: Date.now(),
    topology: describeTopology(),
  },
  store: createMemoryStore(),
  publisher: { publish: () => Promise.reject(new Error('nothing is published here')) },
  operator: 'bench',
  feed,
  sums: createQuietSums(),
  clock: Date.now,
  local: undefined,
});

const program = new Command('bench:page')
  .description('What the live page costs a browser on a slow processor, while 2,000 messages a second come.')
  .addOption(
    new Option('--seconds <count>', 'how long each view is measured; the heap needs an hour')
      .argParser(wholeNumber(1, SECONDS_MAX))
      .default(60),
  )
  .action(({ seconds }: { readonly seconds: number }) => main(seconds));

await runCommand(program);
