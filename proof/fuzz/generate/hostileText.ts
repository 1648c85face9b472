import type { Random } from '../../../functions/simulate/random.ts';

/**
 * Texts that have broken parsers, logs and terminals before. None contains a card number; `plantCard` adds
 * those.
 */
const HOSTILE: readonly [string, ...string[]] = [
  '',
  ' ',
  '\n',
  '\r\n',
  '\u0000',
  '\u0007\u001b[2J\u001b]0;owned\u0007',
  '\u001b[31mCRITICAL\u001b[0m',
  '\u009b31m',
  '\u007f\u0080\u0085',
  '\u2028\u2029',
  '\u202e\u2066\u200b\ufeff',
  '\ud800',
  '\udc00\ud800',
  '\u{1f4b3}\u{10ffff}',
  '","severity":"CRITICAL","x":"',
  '"}\n{"severity":"CRITICAL","message":"message settled"}',
  '\\","severity":"EMERGENCY',
  '\\u0022,\\u0022severity\\u0022:\\u0022ALERT',
  '{"logging.googleapis.com/labels":{"function":"onDlq"}}',
  '}}}}]]]]',
  '%s %d %j %o %O',
  '%c\u0025',
  '${jndi:ldap://x/a}',
  "'; DROP TABLE orders_payments_facts; --",
  '../../../etc/passwd',
  '<script>alert(1)</script>',
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  'NaN',
  'null',
  'undefined',
  '-0',
  '1e3',
  '0x10',
  '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  '2024-01-21T500:01:30Z',
];

/**
 * A text as an outsider may send it: one of the hostile texts, several of them, a long text, or random
 * characters.
 */
export const hostileText = (random: Random): string => {
  const kind = random.integer(0, 29);
  if (kind <= 16) return random.pick(HOSTILE);
  if (kind <= 25) return Array.from({ length: random.integer(2, 5) }, () => random.pick(HOSTILE)).join('a');
  if (kind === 26) return 'x'.repeat(random.pick([1_999, 2_000, 2_001, 5_000]));
  return String.fromCharCode(
    ...Array.from({ length: random.integer(1, 24) }, () => withoutDigits(random.integer(0, 0xffff))),
  );
};

/** Replaces a digit by another character, because random digits could be a card number. */
const withoutDigits = (code: number): number => (code >= 0x30 && code <= 0x39 ? code + 0x20 : code);
