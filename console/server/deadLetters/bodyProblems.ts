import type { BodyProblem } from '../../deadLetterContract.ts';
import { findJsonFault } from '../../../shared/messaging/findJsonFault.ts';
import { problemsOfBody } from '../../../shared/operations/editDeadLetter.ts';
import type { InputTopic } from '../../../shared/topology.ts';

/** What is wrong with an edited text, each problem with its field and its line where they can be told. */
export const bodyProblems = (topic: InputTopic, text: string): readonly BodyProblem[] => {
  const fault = findJsonFault(text);
  const lines = fault === undefined ? linesOfFields(text) : new Map<string, number>();
  return problemsOfBody(topic, Buffer.from(text)).map((problem) => {
    const [, name = ''] = /^(\w+): /.exec(problem) ?? [];
    const field = name === '' || name === 'body' ? null : name;
    const line = field === null ? lineAt(text, fault?.index ?? 0) : (lines.get(field) ?? null);
    return { text: problem, field, line };
  });
};

const lineAt = (text: string, index: number): number => text.slice(0, index).split('\n').length;

const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\]]/g;

/**
 * The line of each field of the outermost object. Of a field that stands there twice, the last one counts.
 */
const linesOfFields = (text: string): ReadonlyMap<string, number> => {
  const lines = new Map<string, number>();
  let depth = 0;
  for (const { 0: token, index } of text.matchAll(TOKEN)) {
    if (token === '{' || token === '[') depth += 1;
    else if (token === '}' || token === ']') depth -= 1;
    else if (depth === 1 && /^\s*:/.test(text.slice(index + token.length, index + token.length + 64))) {
      lines.set(String(JSON.parse(token)), lineAt(text, index));
    }
  }
  return lines;
};
