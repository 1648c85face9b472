import { dirname, join } from 'node:path/posix';
import { lineAt } from './lineAt.ts';
import { splitSource } from './splitSource.ts';

interface FoundImport {
  /** As it is written: `./store.ts`, `zod`. */
  readonly specifier: string;
  readonly line: number;
  /** The exported names that are taken; `*` takes all, and a file that is only run gives none. */
  readonly names: readonly string[];
  /** As a process or a thread: the file has to be there, but nothing is imported. */
  readonly isStarted: boolean;
}

/** A string whose inside is blanked; the position of its inside is all that is wanted of it. */
const SPECIFIER = String.raw`['"](?<specifier> *)['"]`;
const STATIC = new RegExp(
  String.raw`\b(?:import|export)\s+(?:type\s+)?(?<taken>[^'"();=]*?)\s*\bfrom\s*${SPECIFIER}`,
  'dg',
);
const BARE = new RegExp(String.raw`\bimport\s*${SPECIFIER}`, 'dg');
const DYNAMIC = new RegExp(
  String.raw`(?:\{(?<taken>[^{}]*)\}\s*=\s*(?:await\s+)?)?\bimport\(\s*${SPECIFIER}\s*\)(?:\.(?<member>\w+))?`,
  'dg',
);
/** A process or a thread: `new URL('a.ts', import.meta.url)`, `join(import.meta.dirname, 'a.ts')`. */
const STARTED = [
  new RegExp(String.raw`new URL\(\s*${SPECIFIER},\s*import\.meta\.url`, 'dg'),
  new RegExp(String.raw`join\(import\.meta\.dirname,\s*${SPECIFIER}\)`, 'dg'),
];

/** What a TypeScript file imports or starts, in each of the ways that there are. */
export const findImports = (text: string): readonly FoundImport[] => {
  const { code } = splitSource(text);
  const found = (pattern: RegExp, namesOf: (groups: Groups) => readonly string[], isStarted = false) =>
    [...code.matchAll(pattern)].map((match) => {
      const [start, end] = match.indices?.groups?.specifier ?? [0, 0];
      const names = namesOf(match.groups ?? {});
      return { specifier: text.slice(start, end), line: lineAt(text, start), names, isStarted };
    });
  return [
    ...found(STATIC, ({ taken = '' }) => namesTaken(taken)),
    ...found(BARE, () => []),
    ...found(DYNAMIC, ({ taken, member }) =>
      taken === undefined ? [member ?? '*'] : namesTaken(`{${taken}}`),
    ),
    ...STARTED.flatMap((pattern) => found(pattern, () => [], true)).filter(({ specifier }) =>
      /\.(?:ts|mjs)$/.test(specifier),
    ),
  ];
};

/** The file of the project that an import names; undefined: a package or a part of Node. */
export const resolveImport = (path: string, { specifier, isStarted }: FoundImport): string | undefined =>
  isStarted || specifier.startsWith('.') ? join(dirname(path), specifier) : undefined;

type Groups = Readonly<Record<string, string | undefined>>;

/** `clock` and `default` of `run, { type clock as now }`: as the exporting file calls them. */
const namesTaken = (taken: string): readonly string[] => {
  const braces = /\{(?<list>[^}]*)\}/.exec(taken)?.groups?.list ?? '';
  const outside = taken
    .replace(/\{[^}]*\}/, '')
    .replaceAll(',', ' ')
    .trim();
  const named = braces
    .split(',')
    .map((part) => /^\s*(?:type\s+)?(?<name>[\w$]+)/.exec(part)?.groups?.name ?? '');
  const others = outside.includes('*') ? ['*'] : outside === '' ? [] : ['default'];
  return [...others, ...named.filter((name) => name !== '')];
};
