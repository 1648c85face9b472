import type { ServerResponse } from 'node:http';
import { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { createSimulate } from '../../../functions/simulate/handler.ts';
import { createLog } from '../../../shared/telemetry/log.ts';
import { hostileText } from '../generate/hostileText.ts';
import { randomOf } from '../generate/randomOf.ts';
import { simulateBody } from '../generate/simulateBody.ts';
import { judgeSimulate } from '../judge/judgeSimulate.ts';
import { firstOf, type Suite } from '../verdict.ts';

/**
 * Requests with more orders are passed over, because such a run costs as much time as thousands of bodies.
 */
const ORDERS_RUN_MAX = 100;

/**
 * Sends requests to the handler of `simulate`. It must name every bad field, or publish every message that it
 * reports.
 */
export const createSimulateSuite = (): Suite => (seed, index) => {
  const random = randomOf(seed, index);
  const method = random.chance(0.02) ? hostileText(random) : 'POST';
  const traceparent = random.chance(0.1) ? hostileText(random) : undefined;
  return {
    how: 'the simulator',
    payload: simulateBody(random),
    check: async (payload) => {
      const judged = judgeSimulate(method, payload);
      const isMalformed = judged?.status !== 200;
      if (judged === undefined || (judged.status === 200 && judged.orders > ORDERS_RUN_MAX)) {
        return { outcome: 'simulate passed over', isMalformed: false };
      }
      const { response, published, lines } = await run({
        method,
        headers: { traceparent },
        rawBody: payload,
      });
      const text = Buffer.concat(response.chunks).toString();
      const answer: unknown = JSON.parse(text);
      const problems = problemsOf(answer);
      const unnamed =
        judged.status === 400 ? judged.badFields.filter((field) => !isNamed(field, problems)) : [];
      const violation = firstOf(
        [
          response.status !== judged.status,
          `answered ${response.status}, expected ${judged.status}: ${text}`,
        ],
        [response.status !== 200 && published !== 0, `refused, but published ${published} messages`],
        [
          response.status === 200 && messagesOf(answer) !== published,
          `published ${published} messages, but answered ${text.slice(0, 200)}`,
        ],
        [unnamed.length > 0, `did not name ${unnamed.join(', ')} but said: ${text}`],
        [lines.length !== 1, `wrote ${lines.length} log lines, expected 1`],
        [lines.some((line) => line.includes('"severity":"ERROR"')), `logged an error: ${lines.join('')}`],
      );
      const outcome = `simulate ${response.status}`;
      return violation === undefined ? { outcome, isMalformed } : { outcome, isMalformed, violation };
    },
  };
};

/** The part of an HTTP response that the handler uses. */
class RecordedResponse extends Writable {
  status = 0;
  headersSent = false;
  readonly chunks: Buffer[] = [];

  setHeader(): this {
    return this;
  }

  writeHead(status: number): this {
    this.status = status;
    this.headersSent = true;
    return this;
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.chunks.push(Buffer.from(chunk));
    done();
  }
}

const sink: { lines: string[] } = { lines: [] };
const LOG = createLog('simulate', 'debug', { write: (line) => sink.lines.push(line) });

export const run = async (request: Parameters<ReturnType<typeof createSimulate>>[0]) => {
  const response = new RecordedResponse();
  const lines: string[] = [];
  sink.lines = lines;
  let published = 0;
  let nowMs = 0;
  const simulate = createSimulate({
    publisher: {
      publish: async () => {
        published += 1;
        return String(published);
      },
    },
    clock: () => nowMs,
    sleep: async (durationMs) => {
      nowMs += durationMs;
    },
    newRunId: () => '11111111-2222-4333-8444-555555555555',
    newSeed: () => 42,
    log: LOG,
    projectId: 'tally-fuzz',
  });
  await simulate(request, response as unknown as ServerResponse);
  await finished(response);
  return { response, published, lines };
};

const problemsOf = (answer: unknown): string =>
  typeof answer === 'object' && answer !== null ? JSON.stringify(answer) : '';

/**
 * Whether the problems name a field. The answer cuts long names, so only their first 40 characters are
 * compared.
 */
const isNamed = (field: string, problems: string): boolean =>
  problems.includes(JSON.stringify(field).slice(1, -1).slice(0, 40));

const messagesOf = (answer: unknown): unknown =>
  typeof answer === 'object' && answer !== null && 'published' in answer
    ? (answer.published as { messages?: unknown }).messages
    : undefined;
