import { expect, it } from 'vitest';
import { createGoogleApi, GoogleApiError } from '../../../console/cloud/googleApi.ts';
import { errorOf } from '../../support/errorOf.ts';

const NEVER = new Promise<Headers>(() => {});

it('does not wait for credentials once it is stopped', async () => {
  const ending = new AbortController();
  const api = createGoogleApi({ authorize: () => NEVER, signal: ending.signal });
  const asking = errorOf(api.get(new URL('http://127.0.0.1:1/x')));

  ending.abort();

  expect(await asking).toBeInstanceOf(GoogleApiError);
});
