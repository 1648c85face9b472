import type { IncomingMessage, ServerResponse } from 'node:http';
import { errorFields } from '../telemetry/errorFields.ts';
import type { Log } from '../telemetry/log.ts';
import { answerJson, type HttpHandler } from './httpHandler.ts';
import type { ByteBudget } from './byteBudget.ts';
import { readBody } from './readBody.ts';
import { webPageRefusal } from './webPageRefusal.ts';

interface ListenerOptions {
  /** What answers: the name of the function. */
  readonly name: string;
  readonly handle: HttpHandler;
  readonly log: Log;
  readonly budget: ByteBudget;
  /** Whether only this machine can reach the listener. Then a web page may try to. */
  readonly isLocal: boolean;
  /** How long a client may take to send a body; the default of `readBody` when left out. */
  readonly bodyTimeoutMs?: number;
}

type Refusal = { readonly status: 403 | 408 | 413 | 429; readonly error: string };

/**
 * Makes the listener of a function's requests. It answers a probe (GET or HEAD) with 200. It refuses what is
 * too large (413) or sent too slowly (408), what finds no room in the budget (429), and on a laptop what a
 * web page may have sent (403). It gives every other request to the handler, with its body. A handler that
 * throws gets a 500.
 */
export const createListener = ({ name, handle, log, budget, isLocal, bodyTimeoutMs }: ListenerOptions) => {
  const refuse = (response: ServerResponse, { status, error }: Refusal): void => {
    log.warn({ status, error }, 'request refused');
    answerJson(response, status, { error });
  };

  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const pageRefusal = isLocal ? webPageRefusal(request.headers) : undefined;
    if (pageRefusal !== undefined) return refuse(response, { status: 403, error: pageRefusal });
    const { method = '' } = request;
    if (method === 'GET' || method === 'HEAD') return answerProbe(response, name);

    let taken = 0;
    try {
      const onTaken = (bytes: number): void => {
        taken += bytes;
      };
      const read = await readBody(request, budget, onTaken, bodyTimeoutMs);
      if (read === undefined) return;
      if ('refusal' in read) return refuse(response, read.refusal);
      await handle({ method, headers: request.headers, rawBody: read.body }, response);
    } catch (error) {
      log.error(errorFields(error), 'request failed');
      if (response.headersSent) response.destroy();
      else answerJson(response, 500, { error: 'internal error' });
    } finally {
      budget.giveBack(taken);
    }
  };
};

/** Platforms and people ask with GET or HEAD whether a function is up. Nothing is logged for that. */
const answerProbe = (response: ServerResponse, name: string): void => {
  response.writeHead(200, { 'Content-Type': 'text/plain' });
  response.end(`${name} is up. It takes POST.\n`);
};
