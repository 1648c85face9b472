import type { Result } from './report/result.ts';

interface Kept {
  /** All that was handed over, as one. */
  readonly result: Result;
  /** What ended the work before its end; undefined when nothing did. */
  readonly failure: Error | undefined;
}

/** Does work that hands over its results one by one. What it handed over before it failed is kept. */
export const keepResults = async (
  work: (keep: (result: Result) => void) => Promise<unknown>,
): Promise<Kept> => {
  const results: Result[] = [];
  const failure = await work((result) => results.push(result)).then(
    () => undefined,
    (error: unknown) => (error instanceof Error ? error : new Error('the bench failed', { cause: error })),
  );
  return {
    result: {
      sections: results.flatMap(({ sections }) => sections),
      targets: results.flatMap(({ targets }) => targets),
      controls: results.flatMap(({ controls }) => controls),
    },
    failure,
  };
};
