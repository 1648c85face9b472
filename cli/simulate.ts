import { writeFile } from 'node:fs/promises';
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
}

/** Asks a simulator for traffic and prints its answer. */
export const simulateCommand = async ({ url, out, request }: SimulateCommandOptions): Promise<void> => {
  const target = url ?? (await readRunFile())?.simulateUrl;
  if (target === undefined)
    throw new Error('no simulator: start one with "npm start", or name one with --url');
  const answer = await postSimulate(target, request, AbortSignal.timeout(ANSWER_TIMEOUT_MS));
  if (out !== undefined) await writeFile(out, answer);
  console.log(answer);
};

/**
 * One run of a simulator.
 * @returns its answer's text.
 * @throws Error with the simulator's own words when it refused, or when it could not be reached.
 */
export const postSimulate = async (url: string, request: object, signal: AbortSignal): Promise<string> => {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(request),
    signal,
  }).catch((error: unknown) => {
    throw new Error(`the simulator at ${url} does not answer`, { cause: error });
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`the simulator answered ${response.status}: ${text}`);
  return text;
};
