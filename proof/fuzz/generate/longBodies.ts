/** Makes a body of about this many bytes. */
type Make = (bytes: number) => Buffer;

const repeated =
  (piece: string, before = '', after = ''): Make =>
  (bytes) =>
    Buffer.from(
      before + piece.repeat(Math.floor((bytes - before.length - after.length) / piece.length)) + after,
    );

const CARD = '4111111111111111';

/**
 * Bodies of any length that cost a reader the most time. A nested loop in a reader shows with one of them.
 */
export const LONG_BODIES: Readonly<Record<string, Make>> = {
  digits: repeated('4'),
  'single digits with spaces': repeated('4 '),
  'single digits with three spaces': repeated('1   '),
  'card numbers': repeated(`${CARD} `),
  'nearly card numbers': repeated('4111 1111 1111 1112 '),
  spaces: repeated(' '),
  quotes: repeated('"'),
  backslashes: repeated('\\', '{"a":"'),
  'quotes behind backslashes': repeated('\\"', '{"a":"'),
  'no-break spaces beside an odd byte': (bytes) =>
    Buffer.concat([repeated('4\u00a0')(bytes - 1), Buffer.from([0xff])]),
  'JSON of one string of card numbers': repeated(`${CARD} `, '"', '"'),
  'JSON of many strings': repeated('"4111",', '[', '0]'),
  'JSON of many keys': repeated('"a" : "4111 1111", ', '{', '"a":1}'),
  'JSON of many numbers': repeated(`${CARD},`, '[', '0]'),
  'JSON of one number': repeated('4', '{"order_id":', '}'),
  'JSON of one string of digits': repeated('0', '{"order_id":"', '"}'),
  'JSON of arrays': repeated('[],', '[', '0]'),
  'JSON with a space as long as itself': repeated(' ', '{"a"', ':1}'),
  'JSON with escapes': repeated('\\u0034', '{"a":"', '"}'),
  'an unfinished nesting': repeated('['),
};
