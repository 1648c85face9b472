import { writeFile } from 'node:fs/promises';
import * as z from 'zod';
import { jsonOf } from '../local/jsonOf.ts';
import { sayRunFailure } from '../local/sayRunFailure.ts';
import { requestText } from '../shared/http/requestText.ts';
import { toErrorText } from '../shared/masking/toErrorText.ts';
import { shellWord } from '../shared/operations/shellWord.ts';
import { describeError } from './describeError.ts';
import { plural } from './plural.ts';
import { readRunFile } from './runFile.ts';

/** A run takes nine minutes at most, and the simulator answers when it has ended. */
const ANSWER_TIMEOUT_MS = 10 * 60 * 1000;

interface SimulateCommandOptions {
  /** Undefined: asks the simulator that `tally up` runs. */
  readonly url: string | undefined;
  /** A file for the answer. A terminal then gets a summary. `tally audit --expect` reads the file. */
  readonly out: string | undefined;
  /** The body of the request. The simulator validates it. */
  readonly request: Readonly<Record<string, unknown>>;
  /** For a deployed simulator: what `gcloud auth print-identity-token` prints. It is sent over TLS only. */
  readonly identityToken: string | undefined;
}

/** Pub/Sub did not confirm all of a run. Its answer says what was published all the same. */
class RunFailedError extends Error {
  override readonly name = 'RunFailedError';
  readonly answer: string;

  constructor(message: string, answer: string) {
    super(message);
    this.answer = answer;
  }
}

/**
 * Asks a simulator for traffic and prints its answer.
 * @throws RunFailedError behind the answer when Pub/Sub did not confirm all of it; Error as `postSimulate`
 * does.
 */
export const simulateCommand = async (options: SimulateCommandOptions): Promise<void> => {
  const { url, out, request, identityToken } = options;
  const target = url ?? (await readRunFile())?.simulateUrl;
  if (target === undefined)
    throw new Error('no simulator runs here: start one with "npm start", or name one with --url');
  const signal = AbortSignal.timeout(ANSWER_TIMEOUT_MS);
  try {
    await keepAnswer(await postSimulate(target, request, signal, identityToken), { out, isWhole: true });
  } catch (error) {
    if (!(error instanceof RunFailedError)) throw error;
    await keepAnswer(error.answer, { out, isWhole: false }).catch((unkept: unknown) =>
      console.error(describeError(unkept)),
    );
    throw error;
  }
};

/** Prints the answer or writes it to a file. @param isWhole whether all was published. */
const keepAnswer = async (
  answer: string,
  { out, isWhole }: Pick<SimulateCommandOptions, 'out'> & { readonly isWhole: boolean },
): Promise<void> => {
  if (out === undefined) {
    console.log(answer);
    return;
  }
  // The run is over, and a file that cannot be written must not lose its answer.
  await writeFile(out, answer).catch((error: unknown) => {
    console.log(answer);
    throw error;
  });
  console.log(process.stdout.isTTY || !isWhole ? summaryOf(answer, out) : answer);
};

/** Every answer about a run has this. The answer of another server does not have it. */
const answerSchema = z.object({
  published: z.object({ orders: z.number(), payments: z.number(), malformed: z.number() }),
});

/**
 * What a person wants to know of an answer that is in a file.
 * `'{"published":{"orders":2,"payments":1,"malformed":0},…}'` → `Published 2 orders, 1 payment and …`.
 */
export const summaryOf = (answer: string, file: string): string => {
  const { success, data } = answerSchema.safeParse(jsonOf(answer));
  const what = success ? [`Published ${countsOf(data.published)}.`] : [];
  // What was not confirmed may be missing, and the answer expects it.
  const next =
    sayRunFailure(answer) === undefined
      ? ` To see whether all of it arrived: npx tally audit --expect ${shellWord(file)}`
      : '';
  return [...what, `The answer is in ${file}.${next}`].join('\n');
};

const countsOf = ({ orders, payments, malformed }: z.infer<typeof answerSchema>['published']): string =>
  `${plural(orders, 'order')}, ${plural(payments, 'payment')} and ${plural(malformed, 'malformed message')}`;

/**
 * Asks a simulator for one run and waits until it has ended.
 * @returns the text of its answer.
 * @throws RunFailedError when not all was published; Error when the simulator refused, in its own words, when
 * it could not be reached, or when something else answered.
 */
export const postSimulate = async (
  url: string,
  request: object,
  signal: AbortSignal,
  identityToken?: string,
): Promise<string> => {
  const headers = { 'content-type': 'application/json', ...authorization(url, identityToken) };
  const { status, body } = await requestText(url, {
    method: 'POST',
    body: JSON.stringify(request),
    signal,
    headers,
  }).catch((error: unknown) => {
    throw new Error(`the simulator at ${url} does not answer`, { cause: error });
  });
  if (status === 200) {
    if (answerSchema.safeParse(jsonOf(body)).success) return body;
    const page = JSON.stringify(toErrorText(body));
    throw new Error(`something that is no simulator answered at ${url}: ${page}`);
  }
  const failure = sayRunFailure(body);
  const message = `the simulator answered ${status}: ${failure ?? toErrorText(body)}`;
  throw failure === undefined ? new Error(message) : new RunFailedError(message, body);
};

/** Whoever reads a token can act as its owner, so it is never sent unencrypted. */
export const authorization = (
  url: string,
  identityToken: string | undefined,
): { readonly authorization?: string } =>
  identityToken === undefined || identityToken.trim() === '' || !url.startsWith('https:')
    ? {}
    : { authorization: `Bearer ${identityToken.trim()}` };
