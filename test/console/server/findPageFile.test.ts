import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findPageFile, pagePaths, pageWithToken } from '../../../console/server/findPageFile.ts';
import { pagePolicy } from '../../../console/server/pagePolicy.ts';

const PAGE_FOLDER = join(import.meta.dirname, '../../../console/page');

const PAGE_FILES = readdirSync(PAGE_FOLDER, { recursive: true, encoding: 'utf8' });

describe('a file of the page', () => {
  it.for(PAGE_FILES.filter((name) => name.endsWith('.ts')))(
    '%s is served, and as a browser reads it',
    async (name) => {
      const file = await findPageFile(`/page/${name}`);

      expect(file?.type).toBe('text/javascript; charset=utf-8');
      expect(file?.text).not.toMatch(/^import type |^interface /m);
    },
  );

  it('is one style sheet of all that there are', async () => {
    const file = await findPageFile('/page/styles.css');

    expect(file?.type).toBe('text/css; charset=utf-8');
    for (const name of PAGE_FILES.filter((one) => one.endsWith('.css'))) {
      const [, selector = ''] =
        /^\s*(?:\/\*[^]*?\*\/\s*)?([^{]+?)\s*\{/.exec(readFileSync(join(PAGE_FOLDER, name), 'utf8')) ?? [];
      expect([name, file?.text.includes(selector.replaceAll(/\s+/g, ' '))]).toEqual([name, true]);
    }
  });

  it.for(['preact.js', 'hooks.js', 'htm.js', 'uplot.js'])('is the library %s', async (name) => {
    const text = (await findPageFile(`/lib/${name}`))?.text ?? '';

    expect(text.length).toBeGreaterThan(100);
    expect(text).toMatch(/\bexport\b/);
  });

  it.for([
    '/page/../server/serveConsole.ts',
    '/page/..%2fserver/serveConsole.ts',
    '/page/%2e%2e/server/serveConsole.ts',
    '/page/..\\server\\serveConsole.ts',
    '/page//etc/passwd',
    '/page/./main.ts',
    '/page/main.ts/',
    '/page/main.ts%00.css',
    '/page/main.ts\0.css',
    '/page/style.css',
    '/page/tsconfig.json',
    '/page/index.html',
    '/page/missing.ts',
    '/page/.env',
    '/page/',
    '/lib/../../package.json',
    '/lib/react.js',
    '/lib/constructor',
    '/contract.ts',
    '/server/serveConsole.ts',
    '/../../../etc/passwd',
  ])('is not what %j leads to', async (path) => {
    expect(await findPageFile(path)).toBeUndefined();
  });
});

/** What a browser that takes Brotli gets, all views together. */
const SENT_BYTES_MAX = 120 * 1024;

describe('the page', () => {
  it('is small enough: all of its files and libraries, as they are sent', async () => {
    const paths = await pagePaths();
    const files = await Promise.all(paths.map((path) => findPageFile(path)));
    const page = (await pageWithToken('x'.repeat(43))).br.byteLength;

    const sent = files.reduce((bytes, file) => bytes + (file?.br.byteLength ?? Infinity), page);
    expect(paths.length).toBeGreaterThan(100);
    expect(sent).toBeLessThan(SENT_BYTES_MAX);
  });

  it('has the token that it is given, and the hash of each script that stands in it', async () => {
    const { text: page } = await pageWithToken('abc');

    expect(page).toContain('<meta name="tally-token" content="abc" />');
    expect(pagePolicy(page).match(/'sha256-[^']{44}'/g)).toHaveLength(2);
  });
});
