import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { answerJson, type HttpRequest } from '../../shared/http/httpHandler.ts';
import { toErrorText } from '../../shared/masking/toErrorText.ts';
import { tracePublishes } from '../../shared/messaging/tracePublishes.ts';
import { errorFields } from '../../shared/telemetry/errorFields.ts';
import type { Log } from '../../shared/telemetry/log.ts';
import { traceFields } from '../../shared/telemetry/traceFields.ts';
import type { Tracer } from '../../shared/telemetry/tracer.ts';
import { answerChunks } from './answerChunks.ts';
import { createWorkload } from './createWorkload.ts';
import { describeRequests } from './describeRequests.ts';
import { estimateRun } from './estimateRun.ts';
import { type PublishResult, type PublishRunDeps, publishRun } from './publishRun.ts';
import { parseRequest, RequestRefusedError } from './parseRequest.ts';
import type { SimulateRequest } from './requestFields.ts';

interface SimulateDeps extends PublishRunDeps {
  readonly newRunId: () => string;
  /** A whole number from 0 to `SEED_MAX`. */
  readonly newSeed: () => number;
  /** Returns milliseconds since the epoch, for `occurred_at`. `Date.now` when left out. */
  readonly now?: () => number;
  readonly log: Log;
  readonly projectId: string | undefined;
  /** Undefined: no spans are recorded. */
  readonly tracer?: Tracer | undefined;
}

type Fields = Readonly<Record<string, unknown>>;

/**
 * Makes the simulator. It publishes the traffic that a request asks for. Then it answers what it published,
 * and which end state is right for these messages. It never throws.
 *
 * It answers 200 when Pub/Sub confirmed every message, 502 when it did not, and 500 after a bug. It answers
 * 400, 405 or 413 to a request that it refuses. To OPTIONS it answers which fields a request may have, and to
 * OPTIONS with a request in its body how much that would publish.
 */
export const createSimulate =
  (deps: SimulateDeps) =>
  async (request: HttpRequest, response: ServerResponse): Promise<void> => {
    if (request.method === 'OPTIONS' && (request.rawBody?.byteLength ?? 0) === 0)
      return answerJson(response, 200, describeRequests());
    const trace = traceFields(request.headers.traceparent, deps.projectId);
    try {
      if (request.method === 'OPTIONS')
        return answerJson(response, 200, estimateRun(parseRequest('POST', request.rawBody, deps.newSeed)));
      await simulate(deps, parseRequest(request.method, request.rawBody, deps.newSeed), response, trace);
    } catch (error) {
      if (error instanceof RequestRefusedError) return refuse(deps.log, error, response, trace);
      deps.log.error({ ...trace, ...errorFields(error) }, 'simulation failed');
      if (response.headersSent) response.destroy();
      else answerJson(response, 500, { error: 'internal error' });
    }
  };

const simulate = async (
  deps: SimulateDeps,
  request: SimulateRequest,
  response: ServerResponse,
  trace: Fields,
): Promise<void> => {
  const runId = deps.newRunId();
  const left = abandonment(response);
  const { now = Date.now } = deps;
  const { slots, expected } = await createWorkload(request, now());
  const { publisher, tracer } = deps;
  const traced =
    tracer === undefined ? publisher : tracePublishes(tracer, publisher, { 'tally.run_id': runId });
  const result = await publishRun({ ...deps, publisher: traced }, slots(), left);
  const isComplete = result.failures.length === 0;
  if (!left.aborted) {
    response.writeHead(isComplete ? 200 : 502, { 'Content-Type': 'application/json' });
    const chunks = answerChunks({ runId, request, result, expected });
    // When the client goes away in the middle of the answer, the signal aborts too. Only other errors count.
    await pipeline(Readable.from(chunks), response).catch((error: unknown) => {
      if (!left.aborted) throw error;
    });
  }
  const outcome = left.aborted ? 'abandoned' : isComplete ? 'published' : 'failed';
  const fields = { ...trace, outcome, ...outcomeFields(runId, request, result) };
  if (outcome === 'published') deps.log.info(fields, 'simulation finished');
  else deps.log.warn(fields, 'simulation finished');
};

/** Returns a signal that aborts when the client goes away before it has the whole answer. */
const abandonment = (response: ServerResponse): AbortSignal => {
  const controller = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) controller.abort();
  });
  return controller.signal;
};

const outcomeFields = (
  runId: string,
  request: SimulateRequest,
  { published, failed, failures, durationMs }: PublishResult,
): Fields => ({
  run_id: runId,
  preset: request.preset,
  scenario: request.preset === 'reference' ? request.scenario : null,
  seed: request.seed,
  orders: published.order,
  payments: published.payment,
  malformed: published.malformed,
  failed,
  failures,
  duration_ms: Math.round(durationMs),
});

const refuse = (log: Log, refused: RequestRefusedError, response: ServerResponse, trace: Fields): void => {
  const { status, message, problems } = refused;
  const error = toErrorText(message);
  log.warn({ ...trace, status, error, problems }, 'request refused');
  answerJson(response, status, { error, problems });
};
