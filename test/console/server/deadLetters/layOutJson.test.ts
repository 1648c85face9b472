import { expect, it } from 'vitest';
import { layOutJson } from '../../../../console/server/deadLetters/layOutJson.ts';

it('lays JSON out, and keeps all digits of its numbers', () => {
  expect(layOutJson('{"order_id":9223372036854775807,"price":1.10,"tags":[]}')).toBe(
    '{\n  "order_id": 9223372036854775807,\n  "price": 1.10,\n  "tags": []\n}',
  );
});

it.each(['{"order_id": 1, oops', '', 'plain'])('leaves what is no JSON as it came: %j', (text) => {
  expect(layOutJson(text)).toBe(text);
});
