import { ATTRIBUTE } from '../../shared/messaging/deadLetterAttributes.ts';
import { namedCells } from '../simulation/cassandra/cells.ts';
import type { ScriptedHandlers } from './scriptedHandlers.ts';

/** The last event of a path, and the path before it. */
export interface Path {
  readonly event: PathEvent;
  readonly before: Path | undefined;
}

export type PathEvent =
  | { readonly kind: 'delivered' | 'crashed'; readonly message: number }
  | { readonly kind: 'answered'; readonly message: number; readonly status: number }
  | {
      readonly kind: 'published';
      readonly message: number;
      readonly publish: number;
      readonly isTaken: boolean;
      readonly isHeard: boolean;
    }
  | { readonly kind: 'wrote'; readonly message?: number; readonly write: number; readonly replica?: number }
  | { readonly kind: 'read'; readonly message: number; readonly read: number; readonly replica: number }
  | {
      readonly kind: 'failed';
      readonly message: number;
      readonly what: 'read' | 'write';
      readonly number: number;
    };

/** A longer path is cut at its beginning. */
const LINES_MAX = 60;

/** The steps that lead to a state, one line for each. */
export const linesOf = (path: Path | undefined, handlers: ScriptedHandlers): readonly string[] => {
  const lines: string[] = [];
  for (let at = path; at !== undefined; at = at.before) {
    if (lines.length === LINES_MAX) {
      lines.push('…');
      break;
    }
    lines.push(lineOf(at.event, handlers));
  }
  return lines.toReversed();
};

const lineOf = (event: PathEvent, handlers: ScriptedHandlers): string => {
  const name = (message: number): string => nameOf(message, handlers);
  switch (event.kind) {
    case 'delivered':
      return `${name(event.message)} is delivered`;
    case 'crashed':
      return `${name(event.message)}: its handler crashes`;
    case 'answered':
      return `${name(event.message)} is answered ${event.status}`;
    case 'published': {
      const fate = event.isTaken
        ? event.isHeard
          ? ''
          : ', which is taken and not confirmed'
        : ', which fails';
      return `${name(event.message)}: publishes ${name(event.publish)}${fate}`;
    }
    case 'wrote': {
      const who = event.message === undefined ? 'a late write' : name(event.message);
      const where = event.replica === undefined ? 'everywhere' : `to replica ${event.replica}`;
      return `${who}: writes ${rowsOf(event.write, handlers)} ${where}`;
    }
    case 'read':
      return `${name(event.message)}: reads ${tableOf(event.read, handlers)} from replica ${event.replica}`;
    case 'failed': {
      const what = event.what === 'read' ? tableOf(event.number, handlers) : rowsOf(event.number, handlers);
      return `${name(event.message)}: its ${event.what} of ${what} times out`;
    }
  }
};

const nameOf = (message: number, { messages }: ScriptedHandlers): string => {
  const { topic, attributes } = messages[message] ?? {};
  return `message ${message} (${topic}${attributes?.[ATTRIBUTE.reason] === undefined ? '' : `, ${attributes[ATTRIBUTE.reason]}`})`;
};

const tableOf = (read: number, handlers: ScriptedHandlers): string => handlers.readAt(read).bound.table.name;

const rowsOf = (write: number, { writes }: ScriptedHandlers): string =>
  (writes[write] ?? [])
    .map(
      ({ table, cells }) =>
        `${table.name}(${[...namedCells(table, cells).keys()].filter(Boolean).join(', ')})`,
    )
    .join(' and ');
