import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { REQUEST_BYTES_MAX } from '../../../shared/bodyText.ts';
import { explainBytes } from '../../../shared/messaging/explainBytes.ts';
import { CARD, orderBytes } from '../../../proof/referenceMessages.ts';

describe('why bytes are not JSON', () => {
  it.each([
    ['gzip', gzipSync('{}'), 'gzip, which needs the attribute content-encoding with the value gzip'],
    ['UTF-16', Buffer.from('\ufeff{}', 'utf16le'), 'UTF-16, where UTF-8 is expected'],
    ['UTF-16 of the other order', Buffer.from([0xfe, 0xff, 0, 0x7b]), 'UTF-16, where UTF-8 is expected'],
    ['one byte of gzip', Buffer.from([0x1f, 0x20]), 'something else at offset 0'],
    ['the other byte of gzip', Buffer.from([0x20, 0x8b]), 'they are not UTF-8 text'],
    ['half of UTF-16', Buffer.from([0xff, 0x20]), 'they are not UTF-8 text'],
    ['half of the other UTF-16', Buffer.from([0xfe, 0x20]), 'they are not UTF-8 text'],
    ['the other half of UTF-16', Buffer.from([0x20, 0xfe]), 'they are not UTF-8 text'],
    ['the other half of the other UTF-16', Buffer.from([0x20, 0xff]), 'they are not UTF-8 text'],
    ['JSON, which it is not asked about', Buffer.from('{}'), 'for no reason that we know'],
    ['Latin-1', Buffer.from('{"a": "ö"}', 'latin1'), 'they are not UTF-8 text'],
    ['spaces', Buffer.from(' \n'), 'nothing but spaces'],
    [
      'base64 of JSON',
      Buffer.from(orderBytes().toString('base64')),
      'base64 of JSON, so it was encoded twice',
    ],
    ['base64 with lines', Buffer.from('eyJh\nIjox'), 'base64 of JSON, so it was encoded twice'],
    ['the shortest base64 of JSON', Buffer.from('eyJhIjox'), 'base64 of JSON, so it was encoded twice'],
    ['shorter base64', Buffer.from('eyJhIg'), 'something else at offset 0'],
    ['what begins like base64', Buffer.from('eyJhIjox!'), 'something else at offset 0'],
    ['base64 of a bracket behind a word', Buffer.from('YXsxMjM0'), 'something else at offset 0'],
    ['a negative number behind one', Buffer.from('1 -2'), 'more than one value, the second at offset 2'],
    ['NaN', Buffer.from('{"price": NaN}'), 'NaN at offset 10'],
    ['-Infinity', Buffer.from('{"price": -Infinity}'), '-Infinity at offset 10'],
    ['None', Buffer.from('{"price": None}'), 'None at offset 10'],
    [
      'a dict of Python',
      Buffer.from("{'a': 1}"),
      'a single quote, where JSON has double quotes, at offset 1',
    ],
    ['two lines', Buffer.from('{"a": 1}\n{"a": 2}'), 'more than one value, the second at offset 9'],
    ['a word behind it', Buffer.from('{"a": 1} thanks'), 'something else at offset 9'],
    ['half of a word', Buffer.from('{"a": tru'), 'the text ends too early, at offset 9'],
    ['half of a number', Buffer.from('[1.'), 'the text ends too early, at offset 3'],
    ['half of it', Buffer.from('{"a": '), 'the text ends too early, at offset 6'],
    ['a comma too many', Buffer.from('[1,]'), 'the sign ] at offset 3'],
    ['a control character', Buffer.from('"\u0001"'), 'a wrong string at offset 0'],
    ['a comment', Buffer.from('[1] // no'), 'something else at offset 4'],
    ['letters of two bytes before it', Buffer.from('{"ö": x}'), 'something else at offset 7'],
    ['a byte order mark before it', Buffer.from('\ufeff{"a": x}'), 'something else at offset 9'],
  ])('is said of %s', (_what, bytes, why) => {
    expect(explainBytes(bytes)).toBe(`${bytes.byteLength} bytes that are not JSON: ${why}`);
  });

  it('is said of millions of letters', () => {
    expect(explainBytes(Buffer.alloc(REQUEST_BYTES_MAX, 'x'))).toContain('something else at offset 0');
  });

  it.each([`card ${CARD}`, `{"a": ${CARD} ${CARD}}`, `'${CARD}'`, `{"a": "${CARD}`, `NaN${CARD}`])(
    'never quotes a card number: %j',
    (text) => {
      expect(explainBytes(Buffer.from(text))).not.toContain(CARD.slice(0, 6));
    },
  );
});
