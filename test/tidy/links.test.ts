import { dirname, join } from 'node:path/posix';
import { describe, expect, it } from 'vitest';
import { docFiles } from './docFiles.ts';
import { lineAt } from './lineAt.ts';
import { tree, type TextFile } from './tree.ts';

const LINK = /\]\((?<target>[^)\s]+)(?:\s+"[^"]*")?\)/g;
const FENCED = /^```[\s\S]*?^```/gm;
const INLINE = /`[^`\n]*`/g;

const blank = (text: string): string => text.replace(/[^\n]/g, ' ');

/** The anchor that GitHub gives a heading: lower case, dashes for spaces, no punctuation. */
const anchorOf = (heading: string): string =>
  heading
    .trim()
    .replace(/\[(?<text>[^\]]*)\]\([^)]*\)/g, '$<text>')
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, '')
    .replaceAll(' ', '-');

/** Every anchor of a page. The second heading of the same words ends in -1, the third in -2. */
const anchorsIn = (page: string): ReadonlySet<string> => {
  const text = page.replace(FENCED, blank);
  const anchors = new Set<string>();
  const seen = new Map<string, number>();
  for (const [, heading = ''] of text.matchAll(/^#{1,6} (.+)$/gm)) {
    const anchor = anchorOf(heading);
    const times = seen.get(anchor) ?? 0;
    seen.set(anchor, times + 1);
    anchors.add(times === 0 ? anchor : `${anchor}-${times}`);
  }
  for (const [, anchor = ''] of text.matchAll(/<a (?:id|name)="([^"]+)"/g)) anchors.add(anchor);
  return anchors;
};

/** The links that lead nowhere. What lies outside the project is not asked for. */
const brokenLinks = ({ path, text }: TextFile, files: readonly TextFile[]): readonly string[] => {
  const prose = text.replace(FENCED, blank).replace(INLINE, blank);
  return [...prose.matchAll(LINK)].flatMap(({ index, groups }) => {
    const target = groups?.target ?? '';
    if (/^[a-z][a-z+.-]*:/.test(target)) return [];
    const [link = '', anchor] = target.split('#');
    const to = link === '' ? path : join(dirname(path), decodeURI(link)).replace(/\/$/, '');
    const at = `${path}:${lineAt(text, index)}: ${target}`;
    const file = files.find((one) => one.path === to);
    const isFolder = files.some((one) => one.path.startsWith(`${to}/`));
    if (file === undefined && !isFolder) return [`${at} leads nowhere: there is no ${to}`];
    if (anchor === undefined || /^L\d+(?:-L\d+)?$/.test(anchor)) return [];
    if (file !== undefined && anchorsIn(file.text).has(anchor)) return [];
    return [`${at} leads nowhere: ${to} has no heading with the anchor #${anchor}`];
  });
};

const PAGE: TextFile = {
  path: 'docs/page.md',
  text: '# What happens when …\n## `audit`, "twice"\n## Same\n## Same\n```\n# Not a heading\n```\n<a id="old"></a>\n',
};
const found = (text: string) =>
  brokenLinks({ path: 'docs/a.md', text }, [PAGE, { path: 'cli/up.ts', text: '' }]);

describe('a link', () => {
  it.each([
    ['a file', '[a](page.md)'],
    ['a folder', '[a](../cli/)'],
    ['a heading', '[a](page.md#what-happens-when-)'],
    ['a heading with code in it', '[a](page.md#audit-twice)'],
    ['the second heading of that name', '[a](page.md#same-1)'],
    ['an anchor', '[a](page.md#old)'],
    ['another site', '[a](https://example.com/page.md#nowhere)'],
    ['nothing, in code', '`[a](gone.md)`\n```\n[a](gone.md)\n```\n'],
  ])('may lead to %s', (_what, text) => {
    expect(found(text)).toEqual([]);
  });

  it.each([
    ['there is no docs/gone.md', 'a\n[a](gone.md)'],
    ['there is no up.ts', 'a\n[b](../up.ts)'],
    ['docs/page.md has no heading with the anchor #same-2', 'a [broken\ntext](page.md#same-2)'],
    ['docs/page.md has no heading with the anchor #not-a-heading', '\n[a](page.md#not-a-heading)'],
  ])('leads nowhere: %s', (fault, text) => {
    expect(found(text)).toEqual([
      expect.stringMatching(new RegExp(`^docs/a.md:2: .* leads nowhere: ${fault}$`)),
    ]);
  });
});

describe('every link of the documentation', () => {
  it('leads somewhere', () => {
    expect(docFiles.flatMap((file) => brokenLinks(file, tree))).toEqual([]);
  });
});
