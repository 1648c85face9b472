/** TypeScript as two texts that are as long as it is, so that a position means the same in all three. */
interface SplitSource {
  /** Without comments and the insides of strings and regular expressions: a bracket is a bracket. */
  readonly code: string;
  /** Comments and nothing else. */
  readonly comments: string;
}

type Part = 'code' | 'quoted' | 'comment';

/** A slash after one of these, or at the start of a file, begins a regular expression. */
const BEFORE_REGEX = /(?:[(,=:[!&|?{;+\-*%<>^~]|\b(?:return|typeof|case|in|of|await|yield))\s*$/;

// What may hide brackets, a token each. A template is read up to its next `${` or its end.
const LINE_COMMENT = /\/\/[^\n]*/y;
const BLOCK_COMMENT = /\/\*[\s\S]*?\*\//y;
const STRING = /'(?:\\[\s\S]|[^'\\\n])*'|"(?:\\[\s\S]|[^"\\\n])*"/y;
const REGEX = /\/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\[\n])+\/[a-z]*/y;
const TEMPLATE = /(?:\\[\s\S]|\$(?!\{)|[^`\\$])*(?:`|\$\{)/y;
const PLAIN = /[^/'"`{}]+/y;

/** Several rules read the same files. */
const known = new Map<string, SplitSource>();

/** Splits TypeScript into code and comments. It knows tokens, and no grammar. */
export const splitSource = (text: string): SplitSource => {
  const parts = known.get(text) ?? split(text);
  known.set(text, parts);
  return parts;
};

const split = (text: string): SplitSource => {
  const parts: (readonly [part: Part, text: string])[] = [];
  /** For each `${` that is open: how many braces are open in it. */
  const templates: number[] = [];
  let at = 0;
  let codeBefore = '';

  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    return pattern.exec(text)?.[0];
  };
  const add = (part: Part, taken: string): void => {
    parts.push([part, taken]);
    at += taken.length;
    if (part !== 'comment') codeBefore = `${codeBefore}${part === 'code' ? taken : '""'}`.slice(-40);
  };
  const addTemplate = (): void => {
    const taken = take(TEMPLATE) ?? text.slice(at);
    const open = taken.endsWith('${');
    add('quoted', open ? taken.slice(0, -2) : taken.slice(0, -1));
    if (open) templates.push(0);
    add('code', open ? '${' : '`');
  };

  while (at < text.length) {
    const plain = take(PLAIN);
    if (plain !== undefined) {
      add('code', plain);
      continue;
    }
    const comment = take(LINE_COMMENT) ?? take(BLOCK_COMMENT);
    const quoted = take(STRING) ?? (BEFORE_REGEX.test(codeBefore || '(') ? take(REGEX) : undefined);
    const char = text.charAt(at);
    if (comment !== undefined) add('comment', comment);
    else if (quoted !== undefined) addQuoted(add, quoted);
    else if (char === '}' && templates.at(-1) === 0) {
      templates.pop();
      add('code', char);
      addTemplate();
    } else {
      if (templates.length > 0) templates.push((templates.pop() ?? 0) + nestingOf(char));
      add('code', char);
      if (char === '`') addTemplate();
    }
  }
  return joined(parts);
};

/** The marks stay code, so that a reader of `code` sees that a string is there. */
const addQuoted = (add: (part: Part, taken: string) => void, quoted: string): void => {
  add('code', quoted.slice(0, 1));
  if (quoted.length > 2) add('quoted', quoted.slice(1, -1));
  add('code', quoted.slice(-1));
};

const nestingOf = (char: string): number => (char === '{' ? 1 : char === '}' ? -1 : 0);

const joined = (parts: readonly (readonly [part: Part, text: string])[]): SplitSource => {
  const only = (kept: Part): string =>
    parts.map(([part, text]) => (part === kept ? text : text.replace(/[^\n]/g, ' '))).join('');
  return { code: only('code'), comments: only('comment') };
};
