import { createHash } from 'node:crypto';

/**
 * The Content-Security-Policy of a page: it loads nothing from elsewhere, no other page frames it, and no
 * script runs but its own files and the inline ones that it was served with, by their hash. No text becomes
 * markup by accident, because `innerHTML` and the like throw.
 * @param page the HTML as it is sent.
 */
export const pagePolicy = (page: string): string => {
  const inline = [...page.matchAll(/<script(?: type="importmap")?>(?<code>[\s\S]*?)<\/script>/g)];
  const hashes = inline.map(
    ({ groups }) =>
      `'sha256-${createHash('sha256')
        .update(groups?.code ?? '')
        .digest('base64')}'`,
  );
  return [
    "default-src 'none'",
    `script-src 'self' ${hashes.join(' ')}`,
    "style-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ');
};
