/** Where the page is: `#order/17?from=stream` → `order`, `['17']` and `from=stream`. */
interface Route {
  readonly name: string;
  readonly path: readonly string[];
  readonly query: URLSearchParams;
}

/** Reads a hash. A part that is not properly encoded stays as it is. */
export const readRoute = (hash: string): Route => {
  const mark = hash.indexOf('?');
  const [path, query] = mark === -1 ? [hash, ''] : [hash.slice(0, mark), hash.slice(mark + 1)];
  const [name = '', ...rest] = path.replace(/^#/, '').split('/').map(decode);
  return { name, path: rest, query: new URLSearchParams(query) };
};

/**
 * The address of a place on the page. `('order', ['17'])` → `#order/17`. Empty values of the query are left
 * out, so that a link is as short as what it says.
 */
export const hrefTo = (
  name: string,
  path: readonly string[] = [],
  query: Readonly<Record<string, string>> | URLSearchParams = {},
): string => {
  const pairs = [...new URLSearchParams(query)].filter(([, value]) => value !== '');
  const search = pairs.length === 0 ? '' : `?${new URLSearchParams(pairs)}`;
  return `#${[name, ...path].map(encodeURIComponent).join('/')}${search}`;
};

/** Goes there. `replaces`: the place before is not one to go back to, as while a filter is being typed. */
export const goTo = (href: string, { replaces = false }: { readonly replaces?: boolean } = {}): void => {
  if (!replaces) {
    location.hash = href;
    return;
  }
  history.replaceState(null, '', href);
  // The browser tells of no change that a script makes by itself.
  dispatchEvent(new HashChangeEvent('hashchange'));
};

const decode = (part: string): string => {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
};
