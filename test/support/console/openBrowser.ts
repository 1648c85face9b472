import { type Browser, chromium as playwright, type Page } from 'playwright-core';
import { chromium } from './chromium.ts';

interface OpenOptions {
  readonly width?: number;
  readonly height?: number;
  readonly colorScheme?: 'light' | 'dark';
  readonly forcedColors?: 'active' | 'none';
}

interface OpenedPage {
  readonly page: Page;
  /** What a page must not do: errors in its console, and requests to another host. */
  readonly troubles: readonly string[];
}

export interface TestBrowser {
  /** A page with its own storage. */
  readonly open: (url: string, options?: OpenOptions) => Promise<OpenedPage>;
  /** Closes all pages. Each that is open takes a share of the machine. */
  readonly closePages: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Starts the browser of this machine, without a window. */
export const openBrowser = async (): Promise<TestBrowser> => {
  const browser: Browser = await playwright.launch({
    ...(chromium === undefined ? {} : { executablePath: chromium }),
    // A container runs tests as root, where Chromium has no sandbox.
    args: ['--no-sandbox'],
  });
  return {
    open: async (url, { width = 1440, height = 900, colorScheme = 'light', forcedColors = 'none' } = {}) => {
      const context = await browser.newContext({ viewport: { width, height }, colorScheme, forcedColors });
      const page = await context.newPage();
      const troubles: string[] = [];
      page.on('console', (message) => {
        if (['error', 'warning'].includes(message.type())) troubles.push(`console: ${message.text()}`);
      });
      page.on('pageerror', (error) => void troubles.push(`error: ${error.message}`));
      page.on('request', (request) => {
        const { origin, protocol } = new URL(request.url());
        if (protocol !== 'data:' && origin !== new URL(url).origin)
          troubles.push(`request: ${request.url()}`);
      });
      await page.goto(url);
      await page.locator('h1').first().waitFor();
      return { page, troubles };
    },
    closePages: async () => {
      await Promise.all(browser.contexts().map((context) => context.close()));
    },
    close: () => browser.close(),
  };
};
