import { describe, expect, it } from 'vitest';
import { PermanentError } from '../../shared/errors.ts';
import { BODY_BYTES_MAX } from '../../shared/messaging/bodyText.ts';
import { parseOrder } from '../../shared/messaging/parseMessage.ts';
import { NotAPushError, parsePushBody } from '../../shared/messaging/pushBody.ts';
import { redact } from '../../shared/messaging/redact.ts';
import { countBlocks } from './countBlocks.ts';

const CARD = '4111111111111111';
/** Twice the length, twice the work, and a little for what is done once. */
const GROWTH_MAX = 2.02;

/** A body of about so many bytes. */
type Make = (bytes: number) => Buffer;

const repeated =
  (piece: string, before = '', after = ''): Make =>
  (bytes) =>
    Buffer.from(
      before + piece.repeat(Math.floor((bytes - before.length - after.length) / piece.length)) + after,
    );

const BODIES: readonly (readonly [string, number, Make])[] = [
  ['digits', 5_000_000, repeated('4')],
  ['single digits with spaces', 5_000_000, repeated('4 ')],
  ['single digits with three spaces', 5_000_000, repeated('1   ')],
  ['card numbers', 5_000_000, repeated(`${CARD} `)],
  ['nearly card numbers', 5_000_000, repeated('4111 1111 1111 1112 ')],
  ['spaces', 5_000_000, repeated(' ')],
  ['quotes', 5_000_000, repeated('"')],
  ['backslashes', 5_000_000, repeated('\\', '{"a":"')],
  [
    'no-break spaces beside an odd byte',
    5_000_000,
    (bytes) => Buffer.concat([repeated('4\u00a0')(bytes), Buffer.from([0xff])]),
  ],
  ['JSON of one string of card numbers', BODY_BYTES_MAX / 2, repeated(`${CARD} `, '"', '"')],
  ['JSON of many strings', BODY_BYTES_MAX / 2, repeated('"4111",', '[', '0]')],
  ['JSON of many keys', BODY_BYTES_MAX / 2, repeated('"a" : "4111 1111", ', '{', '"a":1}')],
  ['JSON of many numbers', BODY_BYTES_MAX / 2, repeated(`${CARD},`, '[', '0]')],
  ['JSON of one number', BODY_BYTES_MAX / 2, repeated('4', '{"order_id":', '}')],
  ['JSON of arrays', BODY_BYTES_MAX / 2, repeated('[],', '[', '0]')],
  ['JSON with a space as long as itself', BODY_BYTES_MAX / 2, repeated(' ', '{"a"', ':1}')],
  ['JSON with escapes', BODY_BYTES_MAX / 2, repeated('\\u0034', '{"a":"', '"}')],
  ['an unfinished nesting', BODY_BYTES_MAX / 2, repeated('[')],
];

const parse = (data: Buffer): void => {
  try {
    parseOrder(data);
  } catch (error) {
    if (!(error instanceof PermanentError)) throw error;
  }
};

const push = (body: Buffer): void => {
  try {
    parsePushBody('POST', body);
  } catch (error) {
    if (!(error instanceof NotAPushError)) throw error;
  }
};

describe('the work for a hostile body grows as its length does', () => {
  it.each(BODIES)('when it is masked: %s', (_what, bytes, make) => {
    const once = countBlocks(() => redact(make(bytes)));
    const twice = countBlocks(() => redact(make(2 * bytes)));

    expect(twice).toBeLessThan(once * GROWTH_MAX + 1_000);
  });

  it.each(BODIES)('when it is read as an order: %s', (_what, bytes, make) => {
    const once = countBlocks(() => parse(make(bytes)));
    const twice = countBlocks(() => parse(make(2 * bytes)));

    expect(twice).toBeLessThan(once * GROWTH_MAX + 1_000);
  });

  it.each(BODIES)('when it is read as a push: %s', (_what, bytes, make) => {
    const once = countBlocks(() => push(make(bytes)));
    const twice = countBlocks(() => push(make(2 * bytes)));

    expect(twice).toBeLessThan(once * GROWTH_MAX + 1_000);
  });

  it('as a count that does not depend on the machine, and sees a loop within a loop', () => {
    const body = repeated('4 ')(20_000);
    const quadratic = (bytes: number): void => {
      for (let from = 0; from < bytes; from += 1_000) redact(body.subarray(0, bytes - from));
    };

    const once = countBlocks(() => quadratic(10_000));
    const twice = countBlocks(() => quadratic(20_000));

    expect(countBlocks(() => quadratic(10_000))).toBe(once);
    expect(twice).toBeGreaterThan(once * 3);
  });
});
