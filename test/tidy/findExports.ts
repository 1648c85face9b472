import { lineAt } from './lineAt.ts';
import { splitSource } from './splitSource.ts';

interface FoundExport {
  readonly name: string;
  readonly line: number;
  /** An interface or a type: nothing of it is there when the code runs. */
  readonly isType: boolean;
}

const DECLARED =
  /^export\s+(?:declare\s+|abstract\s+|async\s+)*(?<kind>const|let|function|class|interface|type|enum)\b\s*\*?\s*(?<name>[\w$]+)/gm;
const DEFAULT = /^export\s+default\b/gm;
const DESTRUCTURED = /^export\s+const\s*[{[](?<list>[^}\]]*)[}\]]\s*=/gm;
const LISTED = /^export\s+(?<kind>type\s+)?\{(?<list>[^}]*)\}/gm;

/** What a TypeScript file exports. */
export const findExports = (text: string): readonly FoundExport[] => {
  const { code } = splitSource(text);
  const listed = ({ index, groups }: RegExpExecArray) =>
    (groups?.list ?? '').split(',').flatMap((part) => {
      const name = /(?<name>[\w$]+)\s*$/.exec(part)?.groups?.name;
      const isType = groups?.kind !== undefined || /^\s*type\s/.test(part);
      return name === undefined ? [] : [{ name, line: lineAt(text, index), isType }];
    });
  return [
    ...code.matchAll(DECLARED).map(({ index, groups }) => ({
      name: groups?.name ?? '',
      line: lineAt(text, index),
      isType: groups?.kind === 'interface' || groups?.kind === 'type',
    })),
    ...code
      .matchAll(DEFAULT)
      .map(({ index }) => ({ name: 'default', line: lineAt(text, index), isType: false })),
    ...code.matchAll(DESTRUCTURED).flatMap(listed),
    ...code.matchAll(LISTED).flatMap(listed),
  ].toSorted((a, b) => a.line - b.line);
};
