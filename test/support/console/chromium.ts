import { hasProgram } from '../hasProgram.ts';

/** Debian's package, or what `CHROMIUM` names. */
const program = process.env.CHROMIUM ?? '/usr/bin/chromium';

const find = async (): Promise<string | undefined> => {
  if (await hasProgram(program, '--version')) return program;
  const missing = `SKIPPED: every test that needs a browser, because ${program} cannot be started. Install Chromium, or name it in CHROMIUM`;
  if (process.env.CI === 'true') throw new Error(`${missing}. In CI that is a failure.`);
  console.log(missing);
  return undefined;
};

/** The browser of this machine; undefined where there is none, which is said once for each test file. */
export const chromium = await find();
