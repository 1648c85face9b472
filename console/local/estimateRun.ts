import * as z from 'zod';
import { requestText } from '../../shared/http/requestText.ts';
import type { RunEstimate } from '../contract.ts';
import { RunRefusedError } from './simulatorRuns.ts';

const ANSWER_WITHIN_MS = 3_000;

const estimateSchema = z.object({ messages: z.number(), seconds: z.number() });
const refusalSchema = z.object({ error: z.string(), problems: z.array(z.string()) });

/**
 * Asks the simulator how much a request would publish. Nothing is published.
 * @throws RunRefusedError when the request is not valid. Error when the simulator does not answer.
 */
export const estimateRun = async (simulateUrl: string, request: object): Promise<RunEstimate> => {
  const { status, body } = await requestText(simulateUrl, {
    method: 'OPTIONS',
    body: JSON.stringify(request),
    headers: { 'content-type': 'application/json' },
    signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
  });
  if (status === 400) {
    const { error, problems } = refusalSchema.parse(JSON.parse(body));
    throw new RunRefusedError(error, problems);
  }
  if (status !== 200) throw new Error(`the simulator answered ${status}`);
  return estimateSchema.parse(JSON.parse(body));
};
