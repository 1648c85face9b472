/** The headers that are looked at, as Node names them. */
interface PageHeaders {
  readonly host?: string | undefined;
  readonly origin?: string | string[] | undefined;
}

const LOOPBACK_HOSTS: readonly string[] = ['localhost', '127.0.0.1', '[::1]'];
const PORT = /:\d*$/;

/**
 * Why a listener on a developer's machine refuses a request that a web page may have sent. A page can post to
 * any port of the machine that shows it. The browser then adds an Origin. A page whose own name leads to the
 * loopback address sends that name as the Host (DNS rebinding).
 * @param hosts the names, beside those of the loopback address, under which the listener may be called.
 * @returns undefined when no web page sent it.
 */
export const webPageRefusal = (
  { host, origin }: PageHeaders,
  hosts: readonly string[] = [],
): string | undefined => {
  if (origin !== undefined) return 'expected a request without an Origin: web pages may not call this';
  const name = host?.replace(PORT, '').toLowerCase();
  const allowed = [...LOOPBACK_HOSTS, ...hosts];
  if (name !== undefined && allowed.includes(name)) return undefined;
  return `expected the Host ${allowed.join(' or ')}, got ${name === undefined ? 'none' : 'another name'}`;
};
