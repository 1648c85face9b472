import type { IncomingHttpHeaders } from 'node:http';

const LOOPBACK_NAMES = ['127.0.0.1', 'localhost', '[::1]'];

/**
 * Why a request is refused that did not come from the console's own page, or from a person with curl. A page
 * of another site can send requests to 127.0.0.1: its browser then says so in the Origin, or in
 * Sec-Fetch-Site. A page whose name leads to 127.0.0.1 (DNS rebinding) sends that name as the Host.
 * @param port where the console listens.
 * @param isPage the page itself is asked for. A link of another site may lead there: it does nothing, it
 * cannot be framed, and the other site cannot read it.
 * @returns undefined for a request that is answered.
 */
export const consoleRefusal = (
  headers: IncomingHttpHeaders,
  port: number,
  isPage: boolean,
): string | undefined => {
  const { host, origin, 'sec-fetch-site': site, 'sec-fetch-mode': mode, 'sec-fetch-dest': dest } = headers;
  const hosts = LOOPBACK_NAMES.map((name) => `${name}:${port}`);
  if (host === undefined || !hosts.includes(host.toLowerCase())) {
    return `expected the Host ${hosts.join(' or ')}, got ${host === undefined ? 'none' : 'another one'}`;
  }
  if (origin !== undefined && origin.toLowerCase() !== `http://${host.toLowerCase()}`) {
    return 'expected no Origin but that of this page: other sites may not call this';
  }
  // A browser sends it where it leaves the Origin out, as for an image or a script of another site.
  if (site === undefined || site === 'same-origin' || site === 'none') return undefined;
  if (isPage && mode === 'navigate' && dest === 'document') return undefined;
  return 'expected a request of this page: other sites may not call this';
};
