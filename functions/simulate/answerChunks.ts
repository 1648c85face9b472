import type { PublishResult } from './publishRun.ts';
import type { SimulateRequest } from './requestFields.ts';
import type { Expected } from './workload.ts';

/** One piece of text contains at most this many elements of a list. */
const ELEMENTS_PER_CHUNK = 1000;

interface Run {
  readonly runId: string;
  readonly request: SimulateRequest;
  readonly result: PublishResult;
  readonly expected: Expected;
}

/** Generates the JSON answer of a run in pieces. No list is in memory as a whole. */
export function* answerChunks({ runId, request, result, expected }: Run): Generator<string> {
  const { order, payment, malformed } = result.published;
  const head = JSON.stringify({
    runId,
    preset: request.preset,
    scenario: request.preset === 'reference' ? request.scenario : null,
    seed: request.seed,
    published: {
      orders: order,
      payments: payment,
      malformed,
      messages: order + payment + malformed,
      failed: result.failed,
    },
    failures: result.failures,
    seconds: Math.round(result.durationMs) / 1000,
  });
  yield `${head.slice(0, -1)},"expected":{`;
  yield* listChunks('"matched":[', expected.matched());
  yield* listChunks('],"parked":[', expected.parked());
  yield* listChunks('],"unpaid":[', expected.unpaid());
  yield* listChunks('],"conflicts":[', expected.conflicts());
  yield* listChunks('],"changed":[', expected.changed());
  yield* listChunks('],"rivals":[', expected.rivals());
  yield* listChunks('],"shows":[', expected.shows());
  yield* listChunks('],"invalid":[', expected.invalid());
  yield ']}}';
}

function* listChunks(opening: string, elements: Iterable<unknown>): Generator<string> {
  yield opening;
  let separator = '';
  let chunk: string[] = [];
  for (const element of elements) {
    chunk.push(JSON.stringify(element));
    if (chunk.length < ELEMENTS_PER_CHUNK) continue;
    yield separator + chunk.join(',');
    separator = ',';
    chunk = [];
  }
  if (chunk.length > 0) yield separator + chunk.join(',');
}
