import type { Page } from './requests.ts';

/** One page of a list that is sorted by name. `nextPageToken` is '' on the last page. */
export const toPage = <T>(all: readonly T[], nameOf: (item: T) => string, { pageSize, pageToken }: Page) => {
  const left = all.filter((item) => nameOf(item) > pageToken);
  const items = left.slice(0, pageSize);
  const last = items.at(-1);
  return { items, nextPageToken: left.length > items.length && last !== undefined ? nameOf(last) : '' };
};
