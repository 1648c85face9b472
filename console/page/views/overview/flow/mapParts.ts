import type { Topology } from '../../../../contract.ts';

/** The topology in the words of the map. Nothing here names a topic. */
export interface MapParts {
  /** Functions that consume nothing publish. Undefined: somebody else does. */
  readonly producer: string;
  readonly inputs: readonly string[];
  readonly deadLetters: readonly string[];
  /** Each subscription with its topic and its function. */
  readonly subscriptions: Topology['subscriptions'];
  readonly consumers: readonly string[];
  readonly tables: readonly string[];
  /** Which function tells people on which topic. */
  readonly tells: readonly { readonly from: string; readonly to: string }[];
  readonly writes: Topology['writes'];
  /** A redrive leads from here back to the inputs. */
  readonly redriveFrom: string | undefined;
}

export const PRODUCERS = 'producers';

/** @param isLocal elsewhere the simulator is one of many that publish, so the map says producers. */
export const partsOf = (topology: Topology, isLocal: boolean): MapParts => {
  const { topics, subscriptions, functions, tables, writes } = topology;
  const consumers = [...new Set(subscriptions.map(({ consumer }) => consumer))];
  const ofKind = (kind: string): string[] =>
    topics.filter((topic) => topic.kind === kind).map(({ name }) => name);
  const deadLetters = ofKind('deadLetter');
  const tells = subscriptions.flatMap(({ consumer: from, deadLetterTopic: to }) =>
    to === null ? [] : [{ from, to }],
  );
  const last = subscriptions.find(({ topic }) => deadLetters.includes(topic))?.consumer;
  return {
    producer: (isLocal ? functions.find((name) => !consumers.includes(name)) : undefined) ?? PRODUCERS,
    inputs: ofKind('input'),
    deadLetters,
    subscriptions,
    consumers,
    tables,
    tells,
    writes,
    redriveFrom: writes.find(({ from }) => from === last)?.to,
  };
};
