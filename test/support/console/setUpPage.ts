import { afterAll, afterEach, beforeAll, inject } from 'vitest';
import { chromium } from './chromium.ts';
import { openBrowser, type TestBrowser } from './openBrowser.ts';
import { startSystem, type TestSystem } from './startSystem.ts';

/** Whether there is what `setUpPage` needs: a browser, and the run's Cassandra. */
export const canShowPage = chromium !== undefined && inject('cassandraEnv') !== undefined;

/** A system may have to start a Cassandra of its own, on two busy cores. */
const START_MAX_MS = 240_000;

/** One system and one browser for all tests of a block. Each test opens its own pages. */
export const setUpPage = (options: Parameters<typeof startSystem>[0] = {}) => {
  let system: TestSystem | undefined;
  let browser: TestBrowser | undefined;
  beforeAll(async () => {
    [system, browser] = await Promise.all([startSystem(options), openBrowser()]);
  }, START_MAX_MS);
  afterEach(() => browser?.closePages());
  afterAll(async () => {
    await browser?.close();
    await system?.stop();
  });
  const started = <Part>(part: Part | undefined): Part => {
    if (part === undefined) throw new Error('used before it was started');
    return part;
  };
  return { system: () => started(system), browser: () => started(browser) };
};
