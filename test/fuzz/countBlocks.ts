import { Session } from 'node:inspector';

/** As much of V8's answer as is read: https://chromedevtools.github.io/devtools-protocol/v8/Profiler/#type-ScriptCoverage */
interface Coverage {
  readonly result: readonly {
    readonly url: string;
    readonly functions: readonly { readonly ranges: readonly { readonly count: number }[] }[];
  }[];
}

/**
 * How often the blocks of the product's own code ran while `work` did, counted by V8 one by one: the same number at every run, on
 * any machine. What the engine does inside a regular expression or a parser of its own is not in it.
 */
export const countBlocks = (work: () => unknown): number => {
  const session = new Session();
  session.connect();
  const post = (method: string, params?: object): unknown => {
    let answer: unknown;
    // On its own thread the session answers before `post` returns.
    session.post(method, params, (error, result) => {
      if (error !== null) throw new Error(`${method} failed`, { cause: error });
      answer = result;
    });
    return answer;
  };
  try {
    post('Profiler.enable');
    post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
    work();
    const { result } = post('Profiler.takePreciseCoverage') as Coverage;
    return result
      .filter(({ url }) => url.includes('/shared/'))
      .flatMap(({ functions }) => functions)
      .flatMap(({ ranges }) => ranges)
      .reduce((total, { count }) => total + count, 0);
  } finally {
    post('Profiler.stopPreciseCoverage');
    post('Profiler.disable');
    session.disconnect();
  }
};
