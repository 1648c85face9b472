import type { ServerResponse } from 'node:http';
import type { Refusal } from '../contract.ts';
import { SECURITY_HEADERS } from './securityHeaders.ts';

/** Answers with JSON. Ids are bigints inside, and texts outside. */
export const sendJson = (
  response: ServerResponse,
  status: number,
  value: unknown,
  headers: Readonly<Record<string, string>> = {},
): void => {
  const text = JSON.stringify(value, (_, one: unknown) => (typeof one === 'bigint' ? one.toString() : one));
  response
    .writeHead(status, { ...SECURITY_HEADERS, 'Content-Type': 'application/json; charset=utf-8', ...headers })
    .end(text);
};

/** The same for what is refused, in one sentence. */
export const sendRefusal = (
  response: ServerResponse,
  status: number,
  error: string,
  headers: Readonly<Record<string, string>> = {},
): void => sendJson(response, status, { error } satisfies Refusal, headers);
