import { describe, expect, it } from 'vitest';
import { textOf, tree } from './tree.ts';

const KINDS = ['dependencies', 'devDependencies', 'optionalDependencies'] as const;

type Packages = Readonly<Record<string, string>>;

/** A package.json, as much of it as the rules read. */
type Manifest = { readonly [kind in (typeof KINDS)[number]]?: Packages };

const EXACT = /^\d+\.\d+\.\d+(?:-[\w.]+)?$/;

/** The versions that another day may answer with another package. */
const notPinned = (path: string, text: string): readonly string[] => {
  const manifest: Manifest = JSON.parse(text);
  return KINDS.flatMap((kind) => Object.entries(manifest[kind] ?? {}))
    .filter(([, version]) => !EXACT.test(version))
    .map(([name, version]) => {
      const line = text.split('\n').findIndex((one) => one.includes(`"${name}": "${version}"`)) + 1;
      return `${path}:${line}: ${name} ${version} is not pinned: exactly one version is allowed`;
    });
};

/** The packages in the first cells of the tables under "Why each dependency is here", with their lines. */
const explainedIn = (page: string): ReadonlyMap<string, number> => {
  const lines = page.split('\n');
  const start = lines.indexOf('## Why each dependency is here');
  const length = lines.slice(start + 1).findIndex((line) => line.startsWith('## '));
  const explained = new Map<string, number>();
  for (const [index, line] of lines.entries()) {
    if (start === -1 || index <= start || index > start + length || !line.startsWith('| `')) continue;
    const [cell = ''] = line.slice(2).split(' | ');
    for (const match of cell.matchAll(/`(?<name>[^`]+)`/g))
      explained.set(match.groups?.name ?? '', index + 1);
  }
  return explained;
};

/** Dependencies without a sentence, and sentences without a dependency. */
const notExplained = (text: string, page: string): readonly string[] => {
  const manifest: Manifest = JSON.parse(text);
  const names = KINDS.flatMap((kind) => Object.keys(manifest[kind] ?? {}));
  const explained = explainedIn(page);
  return [
    ...names
      .filter((name) => !explained.has(name))
      .map(
        (name) => `package.json: ${name} has no sentence in CONTRIBUTING.md, "Why each dependency is here"`,
      ),
    ...[...explained]
      .filter(([name]) => !names.includes(name))
      .map(([name, line]) => `CONTRIBUTING.md:${line}: ${name} is no dependency`),
  ];
};

describe('a version', () => {
  it.each(['^1.2.3', '~1.2.3', '1.2', '*', 'latest', '>=1.0.0', 'github:a/b'])(
    'is not pinned as %s',
    (version) => {
      const text = JSON.stringify({ devDependencies: { a: '1.2.3', b: version } }, undefined, 2);

      expect(notPinned('package.json', text)).toEqual([
        `package.json:4: b ${version} is not pinned: exactly one version is allowed`,
      ]);
    },
  );
});

describe('the sentences about dependencies', () => {
  const page = [
    '| `elsewhere` | another table |',
    '## Why each dependency is here',
    '| package | because |',
    '| --- | --- |',
    '| `a`, `@b/c` | they replaced `d` |',
    '| `gone` | it was here |',
    '## Commits',
    '| `after` | another table |',
  ].join('\n');

  it('are missed, and are noticed when they are about nothing', () => {
    const text = JSON.stringify({
      dependencies: { a: '1.0.0' },
      optionalDependencies: { '@b/c': '1.0.0', new: '1.0.0' },
    });

    expect(notExplained(text, page)).toEqual([
      'package.json: new has no sentence in CONTRIBUTING.md, "Why each dependency is here"',
      'CONTRIBUTING.md:6: gone is no dependency',
    ]);
  });
});

describe('every dependency', () => {
  it('is pinned to one version', () => {
    const manifests = tree.filter(({ path }) => /(?:^|\/)package\.json$/.test(path));

    expect(manifests.flatMap(({ path, text }) => notPinned(path, text))).toEqual([]);
  });

  it('has its sentence in CONTRIBUTING.md', () => {
    expect(notExplained(textOf('package.json'), textOf('CONTRIBUTING.md'))).toEqual([]);
  });
});
