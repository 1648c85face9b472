import { writeFile } from 'node:fs/promises';
import http from 'node:http';
import https from 'node:https';
import { text } from 'node:stream/consumers';
import { readRunFile } from './runFile.ts';

/** The simulator's own limit for a run is nine minutes; its answer comes at the end. */
const ANSWER_TIMEOUT_MS = 10 * 60 * 1000;

export interface SimulateCommandOptions {
  /** Undefined: the simulator that `tally up` runs. */
  readonly url: string | undefined;
  /** Where the answer goes besides standard output, for `tally audit --expect`. */
  readonly out: string | undefined;
  /** The simulator's request body, field by field; the simulator validates it. */
  readonly request: Readonly<Record<string, unknown>>;
  /** Says to a deployed simulator who asks: `gcloud auth print-identity-token`. It is sent over TLS only. */
  readonly identityToken: string | undefined;
}

/** Asks a simulator for traffic and prints its answer. */
export const simulateCommand = async (options: SimulateCommandOptions): Promise<void> => {
  const { url, out, request, identityToken } = options;
  const target = url ?? (await readRunFile())?.simulateUrl;
  if (target === undefined)
    throw new Error('no simulator: start one with "npm start", or name one with --url');
  const answer = await postSimulate(target, request, AbortSignal.timeout(ANSWER_TIMEOUT_MS), identityToken);
  // Printed first: the run is over, and its answer must survive a file that cannot be written.
  console.log(answer);
  if (out !== undefined) await writeFile(out, answer);
};

/**
 * One run of a simulator.
 * @returns its answer's text.
 * @throws Error with the simulator's own words when it refused, or when it could not be reached.
 */
export const postSimulate = async (
  url: string,
  request: object,
  signal: AbortSignal,
  identityToken?: string,
): Promise<string> => {
  const headers = { 'content-type': 'application/json', ...authorization(url, identityToken) };
  const { status, body } = await post(url, JSON.stringify(request), { signal, headers }).catch(
    (error: unknown) => {
      throw new Error(`the simulator at ${url} does not answer`, { cause: error });
    },
  );
  if (status !== 200) throw new Error(`the simulator answered ${status}: ${body}`);
  return body;
};

/** A token is as good as its owner's name, so it is never sent where it could be read on the way. */
export const authorization = (
  url: string,
  identityToken: string | undefined,
): { readonly authorization?: string } =>
  identityToken === undefined || identityToken.trim() === '' || !url.startsWith('https:')
    ? {}
    : { authorization: `Bearer ${identityToken.trim()}` };

/** Not `fetch`, which gives up when the head of an answer takes more than five minutes. */
const post = (
  url: string,
  requestBody: string,
  options: { readonly signal: AbortSignal; readonly headers: Readonly<Record<string, string>> },
): Promise<{ status: number; body: string }> => {
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number; body: string }>();
  const { request } = url.startsWith('https:') ? https : http;
  request(url, { method: 'POST', ...options }, (response) => {
    text(response).then((body) => resolve({ status: response.statusCode ?? 0, body }), reject);
  })
    .once('error', reject)
    .end(requestBody);
  return promise;
};
