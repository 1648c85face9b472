import { isIP } from 'node:net';
import { webPageRefusal } from '../../shared/http/webPageRefusal.ts';

const LOOPBACK = '127.0.0.1';
const PORT = /:\d*$/;

/** The headers that are looked at, as Node names them. */
interface Headers {
  readonly host?: string | undefined;
  readonly origin?: string | string[] | undefined;
}

/**
 * Why the local Pub/Sub refuses a request that a web page may have sent. On 127.0.0.1 the Host must be a name
 * of the loopback address. On another address containers and other machines call, by names that nobody knows
 * in advance. There the Host may also be a name that no web page can have as its own: an IP address, a name
 * without a dot (a service in Docker Compose), or a name that ends in `.internal` (`host.docker.internal`).
 * @param host the address that the local Pub/Sub binds.
 */
export const createPageRefusal =
  (host: string) =>
  (headers: Headers): string | undefined => {
    if (host === LOOPBACK || !isPrivate(headers.host)) {
      const refusal = webPageRefusal(headers);
      return refusal === undefined || host === LOOPBACK ? refusal : `${refusal} (${PRIVATE_NAMES})`;
    }
    return webPageRefusal({ ...headers, host: LOOPBACK });
  };

const PRIVATE_NAMES =
  'with --host also an IP address, a name without a dot, and a name that ends in .internal';

const isPrivate = (header: string | undefined): boolean => {
  const name = header?.replace(PORT, '').toLowerCase() ?? '';
  const address = name.replace(/^\[(?<inner>.*)\]$/, '$<inner>');
  return isIP(address) !== 0 || /^[\w-]+$/.test(name) || name.endsWith('.internal');
};
