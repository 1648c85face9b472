import { type Browser, chromium } from 'playwright-core';

const PROGRAM = process.env.CHROMIUM || '/usr/bin/chromium';

/**
 * A headless Chromium: `CHROMIUM`, or Debian's. Open it before anything else is started.
 * @throws Error that says what is missing.
 */
export const openBrowser = async (): Promise<Browser> => {
  try {
    // A container runs this as root, where Chromium has no sandbox.
    return await chromium.launch({ executablePath: PROGRAM, args: ['--no-sandbox'] });
  } catch (cause) {
    throw new Error('cannot start a browser (install Chromium, or name it in CHROMIUM)', { cause });
  }
};
