import { createJudge, type Look } from './createJudge.ts';
import type { HandlerNodes } from './handlerNodes.ts';
import { linesOf, type Path } from './path.ts';
import { ScriptedHandlers } from './scriptedHandlers.ts';
import { ORDER_ID, type WorldMessage, type WorldSpec } from './smallWorlds.ts';

/** What a search needs to know about a small world. */
export interface SearchedWorld {
  readonly handlers: HandlerNodes;
  /** The numbers of the published messages. */
  readonly messages: readonly number[];
  /** Whether the checks look at what a write writes in every state, and not only in the end. */
  readonly isWatched: (write: number) => boolean;
  /** Which promise is broken; undefined when none is. */
  readonly judge: (look: Look) => string | undefined;
  /** How many messages told what must be told, when a quorum has these writes. */
  readonly tellersIn: (bits: number) => number;
  /** The steps of a path, one line for each. */
  readonly linesOf: (path: Path | undefined) => readonly string[];
}

export interface SmallWorld extends SearchedWorld {
  readonly handlers: ScriptedHandlers;
}

/** A small world before its first step. */
export const createSmallWorld = (spec: WorldSpec): SmallWorld => {
  const handlers = new ScriptedHandlers(spec.pageRows);
  const messages = spec.messages.map((message) =>
    handlers.message({
      topic: message.topic,
      data: bodyOf(message),
      attributes: message.attributes,
      publishTimeMs: message.carriedAtMs,
    }),
  );
  return {
    handlers,
    messages,
    isWatched: (write) => handlers.writes[write]?.some(({ table }) => table.name !== 'dead_letters') === true,
    ...createJudge(spec, handlers),
    linesOf: (path) => linesOf(path, handlers),
  };
};

const bodyOf = ({ columns }: WorldMessage): Uint8Array =>
  Buffer.from(
    JSON.stringify({ order_id: ORDER_ID, ...columns }, (_, value: unknown) =>
      typeof value === 'bigint' ? Number(value) : value,
    ),
  );
