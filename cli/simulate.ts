import { writeFile } from 'node:fs/promises';
import http from 'node:http';
import https from 'node:https';
import { text } from 'node:stream/consumers';
import { readRunFile } from './runFile.ts';

/** A run takes nine minutes at most, and the simulator answers when it has ended. */
const ANSWER_TIMEOUT_MS = 10 * 60 * 1000;

interface SimulateCommandOptions {
  /** Undefined: asks the simulator that `tally up` runs. */
  readonly url: string | undefined;
  /** A file for the answer, which goes to standard output too. `tally audit --expect` reads it. */
  readonly out: string | undefined;
  /** The body of the request. The simulator validates it. */
  readonly request: Readonly<Record<string, unknown>>;
  /** For a deployed simulator: what `gcloud auth print-identity-token` prints. It is sent over TLS only. */
  readonly identityToken: string | undefined;
}

/** Asks a simulator for traffic and prints its answer. */
export const simulateCommand = async (options: SimulateCommandOptions): Promise<void> => {
  const { url, out, request, identityToken } = options;
  const target = url ?? (await readRunFile())?.simulateUrl;
  if (target === undefined)
    throw new Error('no simulator runs here: start one with "npm start", or name one with --url');
  const answer = await postSimulate(target, request, AbortSignal.timeout(ANSWER_TIMEOUT_MS), identityToken);
  // It is printed first: the run is over, and a file that cannot be written must not lose its answer.
  console.log(answer);
  if (out !== undefined) await writeFile(out, answer);
};

/**
 * Asks a simulator for one run and waits until it has ended.
 * @returns the text of its answer.
 * @throws Error when the simulator refused, in its own words, or when it could not be reached.
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

/** Whoever reads a token can act as its owner, so it is never sent unencrypted. */
export const authorization = (
  url: string,
  identityToken: string | undefined,
): { readonly authorization?: string } =>
  identityToken === undefined || identityToken.trim() === '' || !url.startsWith('https:')
    ? {}
    : { authorization: `Bearer ${identityToken.trim()}` };

/** `fetch` is not used: it gives up when the head of an answer takes more than five minutes. */
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
