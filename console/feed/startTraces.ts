import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { webPageRefusal } from '../../shared/http/webPageRefusal.ts';
import { errorFields } from '../../shared/telemetry/errorFields.ts';
import { sayBug } from '../sayBug.ts';
import { NotOtlpError, spansIn } from './spansIn.ts';
import { createTraces, type Traces } from './traces.ts';

/** A batch of a function has 512 spans of about a kilobyte. */
const BODY_BYTES_MAX = 4 * 1024 * 1024;
const BODY_TIMEOUT_MS = 5_000;
/** So many bodies are read at a time. Five processes send one batch a second. */
const IN_HAND_MAX = 8;

interface RunningTraces extends Pick<Traces, 'stepsOf'> {
  /** For `OTEL_EXPORTER_OTLP_ENDPOINT`. */
  readonly endpoint: string;
  readonly stop: () => Promise<void>;
}

type Answer = { readonly status: number; readonly error?: string };

/**
 * Receives the spans of a local system: OTLP as JSON at `POST /v1/traces`, on 127.0.0.1 only, on a port of
 * its own. So the console's own port needs no hole in its guard. Nothing is answered to a web page: whatever
 * a browser sends has an Origin, or names another Host.
 * @param onBug gets the fields of what no client can be blamed for; it is answered with 500.
 */
export const startTraces = async ({
  traces = createTraces(),
  onBug = sayBug,
} = {}): Promise<RunningTraces> => {
  let inHand = 0;
  const answerOne = async (request: IncomingMessage): Promise<Answer> => {
    const refusal = refusalOf(request) ?? (inHand >= IN_HAND_MAX ? BUSY : undefined);
    if (refusal !== undefined) return refusal;
    inHand += 1;
    try {
      const body = await readBody(request);
      if ('status' in body) return body;
      traces.add(spansIn(JSON.parse(body.text)));
      return { status: 200 };
    } catch (error) {
      if (error instanceof NotOtlpError) return { status: 400, error: error.message };
      if (error instanceof SyntaxError) return { status: 400, error: 'expected JSON' };
      throw error;
    } finally {
      inHand -= 1;
    }
  };
  const server = createServer((request, response) => {
    answerOne(request).then(
      (answer) => send(response, answer),
      (error: unknown) => {
        if (isClientGone(error)) return void response.destroy();
        onBug(errorFields(error));
        send(response, { status: 500, error: 'the receiver of traces failed' });
      },
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    stepsOf: traces.stepsOf,
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: async () => {
      server.close();
      server.closeAllConnections();
      if (server.listening) await once(server, 'close');
    },
  };
};

const BUSY: Answer = { status: 429, error: 'too many requests at a time' };

const refusalOf = ({ method, url, headers }: IncomingMessage): Answer | undefined => {
  const page = webPageRefusal(headers);
  if (page !== undefined) return { status: 403, error: page };
  if (url !== '/v1/traces') return { status: 404, error: 'expected /v1/traces' };
  if (method !== 'POST') return { status: 405, error: 'expected POST' };
  if (!/^application\/json\b/.test(headers['content-type'] ?? '')) {
    return { status: 415, error: 'expected the Content-Type application/json' };
  }
  if (headers['content-encoding'] !== undefined)
    return { status: 415, error: 'expected no Content-Encoding' };
  return undefined;
};

/** The client went away before it had sent everything, or took too long and was cut off. */
const isClientGone = (error: unknown): boolean =>
  error instanceof Error &&
  'code' in error &&
  (error.code === 'ECONNRESET' || error.code === 'ERR_STREAM_PREMATURE_CLOSE');

const readBody = async (request: IncomingMessage): Promise<Answer | { readonly text: string }> => {
  const timer = setTimeout(() => request.destroy(), BODY_TIMEOUT_MS);
  try {
    const chunks: Buffer[] = [];
    let bytes = 0;
    for await (const chunk of request as AsyncIterable<Buffer>) {
      bytes += chunk.byteLength;
      if (bytes > BODY_BYTES_MAX) return { status: 413, error: `expected at most ${BODY_BYTES_MAX} bytes` };
      chunks.push(chunk);
    }
    return { text: Buffer.concat(chunks).toString('utf8') };
  } finally {
    clearTimeout(timer);
  }
};

const send = (response: ServerResponse, { status, error }: Answer): void => {
  response.writeHead(status, { 'Content-Type': 'application/json' });
  response.end(JSON.stringify(error === undefined ? {} : { error }));
};
