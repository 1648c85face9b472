import { lineAt } from './lineAt.ts';
import { splitSource } from './splitSource.ts';

interface FoundFunction {
  /** Of a function that is passed on: whom it is passed to, such as `it`. */
  readonly name: string;
  /** The line of its name, counted from 1. */
  readonly line: number;
  readonly lines: number;
}

const OPENING = '({[<';
const CLOSING = ')}]>';
/** A parenthesis and a brace after one of these are a statement. */
const STATEMENTS = new Set(['if', 'for', 'while', 'switch', 'catch', 'with', 'await']);

/** What stands before a parameter list, the nearest first: the name of the function, or of what gets it. */
const HEADS: readonly RegExp[] = [
  // function name(…), function (…)
  /\bfunction\b\s*\*?\s*(?<name>[\w$]*)\s*(?:<[^()]*>)?\s*$/,
  // name = (…), name: Type = async (…), name: (…)
  /(?<name>[\w$#]+)\??\s*(?::[^=;]*)?(?<!=)=\s*(?:async\s*)?(?:<[^()]*>)?\s*$/,
  /(?<name>[\w$#]+)\s*:\s*(?:async\s*)?(?:<[^()]*>)?\s*$/,
  // name(…), async name<T>(…): a method
  /(?<name>[\w$#]+)\s*(?:<[^()]*>)?\s*$/,
];

/**
 * Every function of a TypeScript file that has a body: declarations, methods and arrows, with or without
 * braces. An arrow that another arrow returns is a part of that one.
 */
export const findFunctions = (text: string): readonly FoundFunction[] => {
  const { code } = splitSource(text);
  const found: FoundFunction[] = [];
  for (let open = code.indexOf('('); open !== -1; open = code.indexOf('(', open + 1)) {
    const close = closingOf(code, open);
    const body = bodyAfter(code, close + 1);
    if (body === undefined || /=>\s*(?:async\s*)?(?:<[^()]*>)?\s*$/.test(before(code, open))) continue;
    const head = headOf(code, open, body.isArrow);
    if (head === undefined) continue;
    const line = lineAt(code, head.start);
    found.push({ name: head.name, line, lines: lineAt(code, body.end) - line + 1 });
  }
  return found;
};

const before = (code: string, position: number): string => code.slice(Math.max(0, position - 300), position);

/** Where the bracket that opens at a position closes. The `>` of an arrow closes nothing. */
const closingOf = (code: string, open: number): number => {
  const opening = code.charAt(open);
  const closing = CLOSING.charAt(OPENING.indexOf(opening));
  let depth = 0;
  for (let at = open; at < code.length; at += 1) {
    const char = code.charAt(at);
    if (char === opening) depth += 1;
    if (char === closing && !(char === '>' && code.charAt(at - 1) === '=')) depth -= 1;
    if (depth === 0) return at;
  }
  return code.length - 1;
};

/** The body after a parameter list and a return type, if it has one. Undefined: it is no parameter list. */
const bodyAfter = (code: string, start: number) => {
  let at = skipSpace(code, start);
  if (code.charAt(at) === ':') at = skipType(code, at + 1);
  if (code.startsWith('=>', at)) return { isArrow: true, end: endOfArrow(code, skipSpace(code, at + 2)) };
  if (code.charAt(at) === '{') return { isArrow: false, end: closingOf(code, at) };
  return undefined;
};

const skipSpace = (code: string, start: number): number => {
  let at = start;
  while (/\s/.test(code.charAt(at))) at += 1;
  return at;
};

/** Goes past a return type. A brace belongs to it at its start, and after `|`, `&` and `is`. */
const skipType = (code: string, start: number): number => {
  let at = skipSpace(code, start);
  let expectsType = true;
  while (at < code.length) {
    const char = code.charAt(at);
    if (code.startsWith('=>', at) || (char === '{' && !expectsType) || ');,'.includes(char)) return at;
    const word = /^[\w$.'" ]+/.exec(code.slice(at, at + 100))?.[0];
    if (OPENING.includes(char)) at = closingOf(code, at) + 1;
    else at += word?.length ?? 1;
    expectsType = '|&'.includes(char) || /\bis\s*$/.test(word ?? '');
    at = skipSpace(code, at);
  }
  return at;
};

/** A body in braces ends with them. An expression ends before a comma, a semicolon or a bracket around it. */
const endOfArrow = (code: string, start: number): number => {
  if (code.charAt(start) === '{') return closingOf(code, start);
  let at = start;
  while (at < code.length && !',;)]}'.includes(code.charAt(at))) {
    at = '([{'.includes(code.charAt(at)) ? closingOf(code, at) + 1 : at + 1;
  }
  return at - 1;
};

/** Where a function begins, and its name. Undefined: the parentheses belong to a statement or a type. */
const headOf = (code: string, open: number, isArrow: boolean) => {
  const text = before(code, open);
  // f = (): ((a: A) => B) => {…}: the second parenthesis is the return type of the first.
  if (isArrow && /\):\s*$/.test(text)) return undefined;
  const isPassedOn = isArrow && /(?:[(,?|&[]|\breturn|\bawait)\s*(?:async\s*)?(?:<[^()]*>)?\s*$/.test(text);
  for (const pattern of isPassedOn ? [] : HEADS) {
    const match = pattern.exec(text);
    const name = match?.groups?.name;
    if (match === null || name === undefined || STATEMENTS.has(name)) continue;
    return { name: name === '' ? receiverOf(code, open) : name, start: open - text.length + match.index };
  }
  return isArrow ? { name: receiverOf(code, open), start: open } : undefined;
};

/** `it` of `it('…', () => {})`, `it.each` of `it.each([…])('…', () => {})`. */
const receiverOf = (code: string, position: number): string => {
  const around = openingBefore(code, position);
  if (code.charAt(around) !== '(') return 'anonymous';
  const called = /(?<name>[\w$.]+)\s*(?:<[^()]*>)?\s*$/.exec(before(code, around))?.groups?.name;
  if (called !== undefined) return called;
  const end = before(code, around).trimEnd().length - before(code, around).length + around - 1;
  return code.charAt(end) === ')' ? receiverOf(code, end) : 'anonymous';
};

/** The bracket that is still open at a position; -1: none. */
const openingBefore = (code: string, position: number): number => {
  let depth = 0;
  for (let at = position - 1; at >= 0; at -= 1) {
    if (')]}'.includes(code.charAt(at))) depth += 1;
    if ('([{'.includes(code.charAt(at))) depth -= 1;
    if (depth < 0) return at;
  }
  return -1;
};
