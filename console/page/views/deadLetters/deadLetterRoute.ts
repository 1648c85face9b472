import type { LetterFilter } from '../../../deadLetterContract.ts';

export const PANELS = ['letter', 'edit', 'resolve', 'dry-run', 'redrive', 'discard'] as const;
/** What stands beside the list. */
export type Panel = (typeof PANELS)[number];

/** What the route says: a link shows the same thing. */
export interface DeadLetterRoute {
  /** `groups` and `list` differ only where one of the three panes is shown. */
  readonly at: 'groups' | 'list' | Panel;
  readonly filter: LetterFilter;
  readonly sort: string;
  readonly page: string;
  /** The place of the letter that is open; empty when none is. */
  readonly letter: string;
}

const STATES = ['open', 'closed', 'any'] as const;

export const readDeadLetterRoute = (path: readonly string[], query: URLSearchParams): DeadLetterRoute => {
  const text = (name: string): string => query.get(name) ?? '';
  return {
    at: [...PANELS, 'list' as const].find((known) => known === path[0]) ?? 'groups',
    filter: {
      reason: text('reason'),
      kind: text('kind'),
      topic: text('topic'),
      age: text('age'),
      state: STATES.find((known) => known === text('state')) ?? 'open',
      text: text('text'),
    },
    sort: text('sort'),
    page: text('page'),
    letter: text('letter'),
  };
};

/** The address of a place in this view. What is the default is left out. */
export const hrefOf = ({ at, letter, ...asked }: DeadLetterRoute): string => {
  const search = searchOf({ ...queryOf(asked), letter });
  return `#dead-letters${at === 'groups' ? '' : `/${at}`}${search === '' ? '' : `?${search}`}`;
};

/** What the server is asked for. */
export const pathOf = ({ filter, sort, page }: Asked): string =>
  `/api/dead-letters?${searchOf(queryOf({ filter, sort, page }))}`;

type Asked = Pick<DeadLetterRoute, 'filter' | 'sort' | 'page'>;

const queryOf = ({ filter, sort, page }: Asked): Readonly<Record<string, string>> => ({
  ...filter,
  state: filter.state === 'open' ? '' : filter.state,
  sort,
  page: page === '1' ? '' : page,
});

const searchOf = (query: Readonly<Record<string, string>>): string =>
  new URLSearchParams(Object.entries(query).filter(([, value]) => value !== '')).toString();
