import * as z from 'zod';
import type { DeadLetterDeps } from '../deadLetters/deadLetterDeps.ts';
import { FINDING_REASONS } from '../../../shared/domain/finding.ts';
import { ID_MAX } from '../../../shared/messaging/parseMessage.ts';
import { editDeadLetter, EditNotNotedError } from '../../../shared/operations/editDeadLetter.ts';
import { parsePlace } from '../../../shared/domain/deadLetterPlace.ts';
import { inputTopicOf } from '../../../shared/operations/planRedrive.ts';
import { resolve } from '../../../shared/operations/resolve.ts';
import { BECAUSE_BYTES_MAX, runOperation } from '../../../shared/operations/runOperation.ts';
import type { DeadLetterRow } from '../../../shared/store/auditSource.ts';
import type { InputTopic } from '../../../shared/topology.ts';
import { bodyProblems } from '../deadLetters/bodyProblems.ts';
import { findRow, PAYLOAD_BYTES_SHOWN_MAX } from '../deadLetters/findLetter.ts';
import { placeSchema, selectionSchema } from '../deadLetters/toDeadLetterFilter.ts';
import type { LetterIndex } from '../deadLetters/letterIndex.ts';
import { selectLetters } from '../deadLetters/selectLetters.ts';
import type { Jobs } from '../jobs/jobs.ts';
import type { JobRequest } from '../jobs/jobWork.ts';
import { parseRequest, RequestRefusedError } from '../parseRequest.ts';
import { answer, post, type Route, type RouteAnswer } from '../route.ts';
import { NO_LETTER, snapshotOf } from './deadLetterRoutes.ts';

const RATE_MAX = 5_000;
const REDRIVES_AT_ONCE_MAX = 1_000_000;
/** So many are chosen before the first is discarded. */
const DISCARDS_MAX = 10_000;
/** Above so many, and beyond this machine, a person types the number. */
const UNCONFIRMED_MAX = 1_000;

const wholeNumber = (max: number) => {
  const expected = `expected a whole number from 1 to ${max}`;
  return z.number({ error: expected }).int(expected).min(1, expected).max(max, expected);
};
/** As long as the history keeps it. */
const words = z
  .string({ error: 'expected a text' })
  .trim()
  .refine(
    (text) => Buffer.byteLength(text) <= BECAUSE_BYTES_MAX,
    `expected at most ${BECAUSE_BYTES_MAX} bytes`,
  );
const reasonRequired = words.refine(
  (text) => text !== '',
  `expected a text of 1 to ${BECAUSE_BYTES_MAX} bytes, got nothing`,
);
const editedText = z
  .string({ error: 'expected a text' })
  .refine(
    (text) => Buffer.byteLength(text) <= PAYLOAD_BYTES_SHOWN_MAX,
    `expected at most ${PAYLOAD_BYTES_SHOWN_MAX} bytes: edit it in a terminal`,
  );

const many = { selection: selectionSchema, confirm: z.number({ error: 'expected the number' }).optional() };
const redriveSchema = z.strictObject({
  ...many,
  rate: wholeNumber(RATE_MAX),
  limit: wholeNumber(REDRIVES_AT_ONCE_MAX),
  because: words.default(''),
  after: placeSchema.optional(),
});
const discardSchema = z.strictObject({ ...many, limit: wholeNumber(DISCARDS_MAX), because: reasonRequired });
const editSchema = z.strictObject({ place: placeSchema, text: editedText, because: words.default('') });
const validateSchema = z.strictObject({ place: placeSchema, text: editedText });
const ORDER_EXPECTED = `expected an order id, a whole number from 0 to ${ID_MAX} as a text`;
const resolveSchema = z.strictObject({
  orderId: z
    .string({ error: ORDER_EXPECTED })
    .regex(/^\d{1,19}$/, ORDER_EXPECTED)
    .refine((digits) => BigInt(digits) <= ID_MAX, ORDER_EXPECTED),
  reason: z.enum(FINDING_REASONS, { error: `expected ${FINDING_REASONS.join(', ')}` }),
  /** What the person saw: `resolvable` of the letter. */
  refs: z.array(z.string({ error: 'expected a text' }), { error: 'expected a list of refs' }),
  because: reasonRequired,
});

interface ActionDeps extends DeadLetterDeps {
  readonly index: LetterIndex;
  readonly jobs: Jobs;
}

/** What changes something: redrive and discard as jobs, edit and resolve at once. */
export const deadLetterActionRoutes = (deps: ActionDeps): readonly Route[] => [
  post('/api/dead-letters/redrive', async (body) => {
    const { selection, rate, limit, because, after, confirm } = parseRequest(redriveSchema, body);
    requireConfirmation(deps, limit, confirm);
    return startJob(deps, {
      action: 'redrive',
      selection,
      limit,
      ratePerSecond: rate,
      because,
      after: after === undefined ? undefined : parsePlace(after),
    });
  }),
  post('/api/dead-letters/discard', async (body) => {
    const { selection, limit, because, confirm } = parseRequest(discardSchema, body);
    requireConfirmation(deps, limit, confirm);
    return startJob(deps, {
      action: 'discard',
      selection,
      limit,
      ratePerSecond: 0,
      because,
      after: undefined,
    });
  }),
  post('/api/dead-letters/validate', async (body) => {
    const { place, text } = parseRequest(validateSchema, body);
    const { topic } = await editableAt(deps, place);
    return answer(bodyProblems(topic, text));
  }),
  post('/api/dead-letters/edit', (body) => edit(deps, parseRequest(editSchema, body))),
  post('/api/dead-letters/resolve', (body) => resolveFindings(deps, parseRequest(resolveSchema, body))),
  { method: 'GET', path: '/api/jobs', handle: async () => answer(deps.jobs.current()) },
  post('/api/jobs/stop', async (body) => {
    const { id } = parseRequest(z.strictObject({ id: z.string({ error: 'expected an id' }) }), body);
    if (!deps.jobs.stop(id)) throw new RequestRefusedError(409, 'nothing runs that could be stopped');
    return answer(deps.jobs.current());
  }),
];

const requireConfirmation = ({ place }: DeadLetterDeps, limit: number, confirm: number | undefined): void => {
  if (place.isLocal && limit <= UNCONFIRMED_MAX) return;
  if (confirm === limit) return;
  throw new RequestRefusedError(422, `type ${limit} to confirm`, { confirm: `expected ${limit}` });
};

const startJob = (deps: ActionDeps, request: Omit<JobRequest, 'selected'>): RouteAnswer => {
  const isDiscard = request.action === 'discard';
  const options = { snapshot: snapshotOf(deps.index), nowMs: deps.clock(), isDiscard };
  const selected = selectLetters(deps.store, request.selection, options);
  const job = deps.jobs.start({ ...request, selected });
  if (job !== undefined) return answer(job);
  throw new RequestRefusedError(409, 'another redrive or discard runs: stop it, or wait until it ends');
};

/** @throws RequestRefusedError when the dead letter is gone, or its topic is unknown. */
const editableAt = async (
  { store }: DeadLetterDeps,
  place: string,
): Promise<{ readonly row: DeadLetterRow; readonly topic: InputTopic }> => {
  const parsed = parsePlace(place);
  const row = parsed && (await findRow(store, parsed));
  if (row === undefined) throw new RequestRefusedError(404, NO_LETTER);
  const topic = inputTopicOf(row.originTopic);
  if (topic === undefined) throw new RequestRefusedError(409, `its topic is unknown: ${row.originTopic}`);
  return { row, topic };
};

const edit = async (
  deps: ActionDeps,
  { place, text, because }: z.output<typeof editSchema>,
): Promise<RouteAnswer> => {
  const { row, topic } = await editableAt(deps, place);
  const problems = bodyProblems(topic, text);
  if (problems.length > 0) {
    throw new RequestRefusedError(422, 'nothing was sent, because the body is not valid', {
      text: problems.map((problem) => problem.text).join('; '),
    });
  }
  const asked = { action: 'dlq edit', operator: deps.operator, filter: `id ${row.id}`, because };
  const { messageId } = await runOperation(deps, asked, async (operation) => {
    const sentAs = await editDeadLetter(deps, row, Buffer.from(text), operation);
    return { messageId: sentAs, summary: `sent as message ${sentAs}` };
  }).catch((error: unknown) => {
    throw error instanceof EditNotNotedError ? new RequestRefusedError(503, error.message) : error;
  });
  if (row.reason === 'invalid') deps.index.noteClosed(row);
  return answer({ messageId, topic });
};

const resolveFindings = async (
  deps: ActionDeps,
  { orderId, reason, refs, because }: z.output<typeof resolveSchema>,
): Promise<RouteAnswer> => {
  const asked = {
    action: 'findings resolve',
    operator: deps.operator,
    filter: `order ${orderId}, reason ${reason}`,
    because,
  };
  const { resolved } = await runOperation(deps, asked, async (operation) => {
    const some = await resolve(deps, { orderId: BigInt(orderId), refs }, operation);
    return { resolved: some, summary: `${some.length} findings resolved` };
  });
  if (resolved.length === 0) {
    throw new RequestRefusedError(
      409,
      `the ${reason} of order ${orderId} has changed, is over, or is resolved: look again`,
    );
  }
  return answer({
    resolved: resolved.map(({ error }) => error),
    changed: new Set(refs).size - resolved.length,
  });
};
