import { expect, it } from 'vitest';
import * as z from 'zod';
import { parseRequest, RequestRefusedError } from '../../../console/server/parseRequest.ts';

it('names a field that no object should have, too', () => {
  const body: unknown = JSON.parse('{"__proto__":{"limit":1}}');
  let refused: unknown;
  try {
    parseRequest(z.strictObject({ limit: z.number().optional() }), body);
  } catch (error) {
    refused = error;
  }

  expect(refused).toBeInstanceOf(RequestRefusedError);
  expect(JSON.parse(JSON.stringify((refused as RequestRefusedError).refusal))).toEqual(
    JSON.parse(
      '{"error":"__proto__: there is no such field","fields":{"__proto__":"there is no such field"}}',
    ),
  );
});
