import { readdir, readFile, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { extname, join, sep } from 'node:path';
import { transformSync } from 'amaro';
import { packText, type Packed } from './packText.ts';

const PAGE_FOLDER = join(import.meta.dirname, '../page');
const requireFrom = createRequire(import.meta.url);

/** The libraries of the page: as which path the browser asks for them, and where npm put them. */
const LIBRARIES: Readonly<Record<string, string>> = {
  '/lib/preact.js': 'preact/dist/preact.mjs',
  '/lib/hooks.js': 'preact/hooks/dist/hooks.mjs',
  '/lib/htm.js': 'htm/dist/htm.mjs',
  '/lib/uplot.js': 'uplot/dist/uPlot.iife.min.js',
};

/**
 * The style sheets in one, because the first paint waits for each request. Where a view and the common sheet
 * say something different, the common one decides, so it is the last.
 */
const STYLES_PATH = '/page/styles.css';
const STYLE_SHEETS = [
  ...['overview', 'stream', 'deadLetters', 'orders', 'send', 'faults'].map(
    (view) => `views/${view}/${view}.css`,
  ),
  'style.css',
].map((name) => join(PAGE_FOLDER, name));

const TYPES: Readonly<Record<string, string>> = {
  '.ts': 'text/javascript; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
};

interface PageFile extends Packed {
  readonly type: string;
  readonly text: string;
}

/** By path: what is made of a file, and when that file had been changed. */
const made = new Map<string, { readonly mtimeMs: number; readonly file: Promise<PageFile> }>();

/**
 * A file of the page as the browser gets it. Types are taken out of TypeScript, as Node itself does, so there
 * is no build. A file that was changed is read again, so that a change shows at the next load.
 * @param path as the browser asks for it, such as `/page/main.ts`.
 * @returns undefined when the page has no such file.
 */
export const findPageFile = async (path: string): Promise<PageFile | undefined> => {
  const type = TYPES[extname(path)];
  const names = filesOf(path);
  if (type === undefined || names.length === 0) return undefined;
  const mtimeMs = await Promise.all(names.map((name) => stat(name))).then(
    (found) => Math.max(...found.map((one) => one.mtimeMs)),
    () => undefined,
  );
  if (mtimeMs === undefined) return undefined;
  const known = made.get(path);
  if (known?.mtimeMs === mtimeMs) return known.file;
  const file = makeFile(path, names, type);
  made.set(path, { mtimeMs, file });
  // What could not be read is read again at the next request.
  file.catch(() => made.delete(path));
  return file;
};

/**
 * Makes every file before a browser asks: packing all of them takes half a second of a core, and the first
 * page would wait for it. One at a time, beside the event loop.
 */
export const makePageFiles = async (): Promise<void> => {
  for (const path of await pagePaths()) await findPageFile(path);
};

/** All that the page may ask for. */
export const pagePaths = async (): Promise<readonly string[]> => {
  const names = await readdir(PAGE_FOLDER, { recursive: true });
  const own = names.map((name) => `/page/${name.replaceAll(sep, '/')}`);
  return [...Object.keys(LIBRARIES), STYLES_PATH, ...own.filter((path) => filesOf(path).length > 0)];
};

const makeFile = async (path: string, names: readonly string[], type: string): Promise<PageFile> => {
  const texts = await Promise.all(names.map((name) => readFile(name, 'utf8')));
  const text = toBrowser(path, texts.join('\n'));
  return { type, text, ...(await packText(text)) };
};

const toBrowser = (path: string, text: string): string => {
  if (path.endsWith('.ts')) return withoutComments(transformSync(text, { mode: 'strip-only' }).code);
  if (path.endsWith('.css')) return text.replaceAll(/\/\*[\s\S]*?\*\/|\s+/g, ' ');
  // Its module is three times as large, because only the script is minified.
  return path === '/lib/uplot.js' ? `${text}\nexport default uPlot;` : text;
};

/**
 * Comments are a third of the page. Types leave holes, and those and the indentation are a twentieth of what
 * is sent. All lines stay, so that an error names the right one.
 */
const withoutComments = (code: string): string =>
  code
    .replaceAll(/^[ \t]*\/\*\*[\s\S]*?\*\//gm, (comment) => comment.replaceAll(/[^\n]+/g, ''))
    .replaceAll(/^[ \t]*\/\/.*$/gm, '')
    .replaceAll(/^[ \t]+|[ \t]+$/gm, '')
    .replaceAll(/ {2,}/g, ' ');

/** The page with the token, without which no action is taken. */
export const pageWithToken = async (token: string): Promise<PageFile> => {
  const page = await readFile(join(PAGE_FOLDER, 'index.html'), 'utf8');
  const text = page.replace('{{token}}', token);
  if (lastPage?.text !== text)
    lastPage = { type: 'text/html; charset=utf-8', text, ...(await packText(text)) };
  return lastPage;
};

/** It is the same until the token or a file changes. */
let lastPage: PageFile | undefined;

/** What a file is made of; nothing for a path that is none of the page. */
const filesOf = (path: string): readonly string[] => {
  const library = LIBRARIES[path];
  if (library !== undefined) return [packageFile(library)];
  if (path === STYLES_PATH) return STYLE_SHEETS;
  // One or several names, without a dot at the start: no way leads out of the folder.
  const [, name] = /^\/page\/((?:[a-zA-Z][\w-]*\/)*[a-zA-Z][\w-]*\.ts)$/.exec(path) ?? [];
  return name === undefined ? [] : [join(PAGE_FOLDER, name)];
};

const packageFile = (name: string): string => {
  const slash = name.indexOf('/');
  // The main file of a package is in its folder, which an `exports` map does not hide.
  const main = requireFrom.resolve(name.slice(0, slash));
  const marker = `/node_modules/${name.slice(0, slash)}/`;
  return join(main.slice(0, main.lastIndexOf(marker) + marker.length), name.slice(slash + 1));
};
