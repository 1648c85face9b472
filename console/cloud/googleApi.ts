import * as z from 'zod';
import { toErrorText } from '../../shared/masking/toErrorText.ts';

const TIMEOUT_MS = 15_000;
const ANSWER_BYTES_MAX = 4 * 1024 * 1024;
const MESSAGE_BYTES_MAX = 300;

/** One of Google's APIs did not give what was asked for. The text says which, and why, for a person. */
export class GoogleApiError extends Error {
  override readonly name = 'GoogleApiError';
}

/** Asks Google's APIs over REST, with the rights of the person who runs this. */
export interface GoogleApi {
  /** @throws GoogleApiError */
  readonly get: (url: URL) => Promise<unknown>;
  /** @throws GoogleApiError */
  readonly post: (url: URL, body: object) => Promise<unknown>;
}

interface GoogleApiOptions {
  /** The headers that say who asks. Google’s own library finds the credentials, as for Pub/Sub. */
  readonly authorize: () => Promise<Headers>;
  readonly signal: AbortSignal;
}

/** How Google says what was wrong: https://cloud.google.com/apis/design/errors. */
const errorSchema = z.object({ error: z.object({ status: z.string().optional(), message: z.string() }) });

export const createGoogleApi = ({ authorize, signal }: GoogleApiOptions): GoogleApi => {
  const ask = async (url: URL, init: RequestInit): Promise<unknown> => {
    try {
      const limit = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]);
      const headers = await orAborted(authorize(), limit);
      headers.set('content-type', 'application/json');
      const response = await fetch(url, { ...init, headers, redirect: 'error', signal: limit });
      const answer: unknown = JSON.parse(await readText(response));
      if (response.ok) return answer;
      throw new GoogleApiError(`${url.hostname} answered ${response.status}${explain(answer)}`);
    } catch (error) {
      if (error instanceof GoogleApiError) throw error;
      throw new GoogleApiError(`${url.hostname} did not answer: ${describe(error)}`, { cause: error });
    }
  };
  return {
    get: (url) => ask(url, { method: 'GET' }),
    post: (url, body) => ask(url, { method: 'POST', body: JSON.stringify(body) }),
  };
};

/** Google's library has no signal, and may ask a metadata server that never answers. */
const orAborted = async <T>(work: Promise<T>, signal: AbortSignal): Promise<T> => {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const onAbort = (): void => reject(signal.reason as Error);
  signal.addEventListener('abort', onAbort);
  if (signal.aborted) onAbort();
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
};

const readText = async (response: Response): Promise<string> => {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > ANSWER_BYTES_MAX) throw new Error(`more than ${ANSWER_BYTES_MAX} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
};

const explain = (answer: unknown): string => {
  const { data } = errorSchema.safeParse(answer);
  if (data === undefined) return '';
  const { status = 'error', message } = data.error;
  return `: ${toErrorText(`${status}: ${message}`, MESSAGE_BYTES_MAX)}`;
};

const describe = (error: unknown): string => {
  if (!(error instanceof Error)) return 'something that is not an Error was thrown';
  if (error.name === 'TimeoutError') return `no answer within ${TIMEOUT_MS / 1_000} s`;
  if (error instanceof SyntaxError) return 'what came is not JSON';
  const cause = error.cause instanceof Error ? `: ${error.cause.message}` : '';
  return toErrorText(`${error.message}${cause}`, MESSAGE_BYTES_MAX);
};
