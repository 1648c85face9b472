import * as z from 'zod';
import { SUBSCRIPTIONS } from '../../../shared/topology.ts';
import type { ConsoleDeps, LocalControls } from '../../consoleDeps.ts';
import type { RunEstimate, SendState } from '../../contract.ts';
import { backlogOf } from '../../local/backlogOf.ts';
import { estimateRun } from '../../local/estimateRun.ts';
import { readSendForm } from '../../local/readSendForm.ts';
import { createSentMessages } from '../../local/sentMessages.ts';
import { createSimulatorRuns, RunRefusedError } from '../../local/simulatorRuns.ts';
import { parseRequest, RequestRefusedError } from '../parseRequest.ts';
import { answer, post, type Route, type RouteAnswer } from '../route.ts';
import { tryNow } from '../tryNow.ts';

const BODY_CHARACTERS_MAX = 64 * 1024;
const REQUEST_FIELDS_MAX = 64;

const sendSchema = z.strictObject({
  kind: z.enum(['order', 'payment']),
  body: z.string().max(BODY_CHARACTERS_MAX, `expected at most ${BODY_CHARACTERS_MAX} characters`),
  asItIs: z.boolean(),
});
/** The simulator validates its fields itself. */
const runSchema = z
  .record(z.string().max(64), z.union([z.string().max(200), z.number(), z.boolean()]))
  .refine((fields) => Object.keys(fields).length <= REQUEST_FIELDS_MAX, 'expected at most 64 fields');

type SendDeps = Pick<ConsoleDeps, 'store' | 'publisher' | 'feed' | 'clock'>;

interface SendRoutes {
  readonly routes: readonly Route[];
  readonly close: () => void;
}

/** Sending messages and runs to a local system. There are no such routes for any other. */
export const sendRoutes = (
  deps: SendDeps,
  { simulateUrl }: Pick<LocalControls, 'simulateUrl'>,
): SendRoutes => {
  const { feed } = deps;
  const reader = feed.open({ text: '', topic: '', outcomes: [] });
  const names = SUBSCRIPTIONS.map(({ name }) => name);
  const sent = createSentMessages(deps);
  const runs = createSimulatorRuns({
    ...deps,
    simulateUrl,
    backlog: () => backlogOf(reader.next(), names),
  });
  const state = (): SendState => ({ sent: sent.list(), ...runs.state() });

  const send = async (body: unknown): Promise<RouteAnswer> => {
    const problems = await sent.send(parseRequest(sendSchema, body));
    if (problems !== undefined) throw new RequestRefusedError(422, 'nothing was sent', fieldsOf(problems));
    return answer(state());
  };
  const start = async (body: unknown): Promise<RouteAnswer> => {
    const request = parseRequest(runSchema, body);
    await tryNow(() => runs.start(request).catch(refuseFields));
    return answer(state());
  };
  const estimate = async (body: unknown): Promise<RouteAnswer> => {
    const request = parseRequest(runSchema, body);
    let estimated: RunEstimate | undefined;
    await tryNow(async () => {
      estimated = await estimateRun(simulateUrl, request).catch(refuseFields);
    });
    return answer(estimated);
  };
  const stop = async (): Promise<RouteAnswer> => {
    await tryNow(runs.stop);
    return answer(state());
  };

  return {
    routes: [
      { method: 'GET', path: '/api/send', handle: async () => answer(state()) },
      { method: 'GET', path: '/api/send/form', handle: async () => answer(await readSendForm(simulateUrl)) },
      post('/api/send', send),
      post('/api/runs', start),
      post('/api/runs/stop', stop),
      post('/api/runs/estimate', estimate),
    ],
    close: () => {
      runs.close();
      reader.close();
    },
  };
};

/** What the simulator refuses is said at the fields of the form. */
const refuseFields = (error: unknown): never => {
  if (!(error instanceof RunRefusedError)) throw error;
  throw new RequestRefusedError(422, error.message, fieldsOf(error.problems));
};

/** Sentences such as `quantity: expected …`, by their fields. */
const fieldsOf = (problems: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(
    problems.map((problem) => {
      const { name = 'request', what = problem } =
        /^(?<name>[^:]{1,80}): (?<what>.*)$/s.exec(problem)?.groups ?? {};
      return [name, what];
    }),
  );
