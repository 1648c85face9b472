import { createHash } from 'node:crypto';
import * as z from 'zod';
import { JsonNumber, parseJsonLosslessly } from '../messaging/json.ts';
import { parseId } from '../messaging/parseId.ts';
import { ID_MAX } from '../messaging/parseMessage.ts';
import type { DeadLetterRow, OrderRecord } from '../store/auditSource.ts';
import { orderSentences, type SentenceState } from './orderSentences.ts';
import { createToldCheck } from './toldCheck.ts';

const id = z
  .union([z.instanceof(JsonNumber).transform(({ source }) => source), z.string()])
  .refine(
    (digits) => parseId(digits) !== undefined,
    `expected an id: a whole number from 0 to ${ID_MAX}, as a number or as a string of digits`,
  )
  .transform(BigInt);
const pair = z.object({ order_id: id, payment_id: id });

const column = <T>(type: z.ZodType<T>) => type.nullable().optional();
const shown = z.strictObject({
  order_id: id,
  customer_id: column(id),
  item: column(z.string()),
  quantity: column(id),
  price: column(z.instanceof(JsonNumber).transform(({ value }) => value)),
  shipping_address: column(z.string()),
  order_status: column(z.string()),
  creation_date: column(z.string()),
  payment_id: column(id),
  payment_method: column(z.string()),
  card_last_four: column(z.string()),
  payment_status: column(z.string()),
  payment_datetime: column(z.string()),
});

const answerSchema = z.object({
  expected: z.object({
    matched: z.array(pair),
    parked: z.array(pair),
    unpaid: z.array(id),
    conflicts: z.array(id),
    changed: z.array(id),
    rivals: z.array(id),
    shows: z.array(shown),
    invalid: z.array(z.string().regex(/^[0-9a-f]{64}$/, 'expected the SHA-256 of a body in hex')),
  }),
});

/** The right end state of a run, by ids. The simulator's answer contains it as `expected`. */
export type Expectation = z.infer<typeof answerSchema>['expected'];

const WANTED = 'expected the answer of a simulator';

/**
 * Reads a simulator's answer.
 * @throws Error that names the fields, at most ten, that are not as the simulator writes them.
 */
export const parseExpectation = (json: string): Expectation => {
  const result = answerSchema.safeParse(parseJson(json));
  if (result.success) return result.data.expected;
  const problems = result.error.issues.map(
    ({ path, message }) =>
      `${path.length === 0 ? 'the answer' : `field ${path.join('.')}`}: ${message.replace('Invalid input: ', '')}`,
  );
  throw new Error(`${WANTED}: ${problems.slice(0, 10).join('; ')}`);
};

const parseJson = (json: string): unknown => {
  try {
    return parseJsonLosslessly(json);
  } catch {
    // The engine's message quotes the text, so it is not passed on.
    throw new Error(`${WANTED}, got ${json.length} characters that are not JSON`);
  }
};

export interface ExpectationResult {
  /** How many published messages are in no bucket. */
  readonly lost: number;
  /** What is not as expected, one sentence each. Lost messages come first. */
  readonly unmet: readonly string[];
}

interface ExpectationCheck {
  /** Returns whether the order's record is all that it must be. */
  readonly sawOrder: (record: OrderRecord) => boolean;
  /** Returns whether the dead letter may be an expected one, and only its payload can tell. */
  readonly sawDeadLetter: (row: DeadLetterRow) => boolean;
  /** Takes the payload of a dead letter for which `sawDeadLetter` returned true. */
  readonly sawPayload: (payload: Uint8Array) => void;
  readonly result: () => ExpectationResult;
}

/**
 * Checks an expectation while an audit reads the tables. It looks only at its own ids, so other runs may
 * share the tables.
 */
export const createExpectationCheck = (expectation: Expectation): ExpectationCheck => {
  const states = new Map<string, SentenceState>();
  const checks = new Map<bigint, ((record: OrderRecord) => SentenceState)[]>();
  const invalid = new Set(expectation.invalid);
  const told = createToldCheck(expectation);
  for (const { orderId, sentence, unseen, stateIn } of orderSentences(expectation)) {
    states.set(sentence, unseen);
    const check = (record: OrderRecord): SentenceState => {
      const state = stateIn(record);
      states.set(sentence, state);
      return state;
    };
    checks.set(orderId, [...(checks.get(orderId) ?? []), check]);
  }

  return {
    sawOrder: (record) =>
      (checks.get(record.orderId) ?? []).map((check) => check(record)).every((state) => state === 'met'),
    sawDeadLetter: (row) => {
      told.sawDeadLetter(row);
      if (row.reason !== 'invalid' || invalid.size === 0) return false;
      if (row.payloadSha256 === undefined) return true;
      // The payload was cut, and its row says what the whole body was.
      invalid.delete(row.payloadSha256);
      return false;
    },
    sawPayload: (payload) => {
      invalid.delete(createHash('sha256').update(payload).digest('hex'));
    },
    result: () => {
      const lost = [
        ...sentencesWith(states, 'lost'),
        ...[...invalid].map((sha256) => `the invalid body with SHA-256 ${sha256} should be dead-lettered`),
      ];
      const wrong = [...sentencesWith(states, 'wrong'), ...told.problems()];
      return {
        lost: lost.length,
        unmet: [
          ...lost.map((sentence) => `lost: ${sentence}`),
          ...wrong.map((sentence) => `wrong: ${sentence}`),
        ],
      };
    },
  };
};

const sentencesWith = (states: ReadonlyMap<string, SentenceState>, wanted: SentenceState): string[] =>
  [...states].filter(([, state]) => state === wanted).map(([sentence]) => sentence);
