import { createHash } from 'node:crypto';
import { z } from 'zod';
import { JsonNumber, parseJsonLosslessly } from '../messaging/json.ts';
import { ID_MAX } from '../messaging/parseMessage.ts';
import type { DeadLetterRow, OrderRecord } from '../store/store.ts';

const id = z
  .union([z.instanceof(JsonNumber).transform(({ source }) => source), z.string()])
  .refine(
    (digits) => /^\d{1,19}$/.test(digits) && BigInt(digits) <= ID_MAX,
    `expected an id: a whole number from 0 to ${ID_MAX}, as a number or as a string of digits`,
  )
  .transform(BigInt);
const pair = z.object({ order_id: id, payment_id: id });

const answerSchema = z.object({
  expected: z.object({
    matched: z.array(pair),
    parked: z.array(pair),
    unpaid: z.array(id),
    conflicts: z.array(id),
    invalid: z.array(z.string().regex(/^[0-9a-f]{64}$/, 'expected the SHA-256 of a body in hex')),
  }),
});

/** The right end state of a run, by ids. The simulator's answer contains it as `expected`. */
export type Expectation = z.infer<typeof answerSchema>['expected'];

/**
 * Reads a simulator's answer.
 * @throws Error that names the fields, at most ten, that are not as the simulator writes them.
 */
export const parseExpectation = (json: string): Expectation => {
  const result = answerSchema.safeParse(parseJson(json));
  if (result.success) return result.data.expected;
  const problems = result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new Error(`not a simulator's answer: ${problems.slice(0, 10).join('; ')}`);
};

const parseJson = (json: string): unknown => {
  try {
    return parseJsonLosslessly(json);
  } catch {
    // The engine's message quotes the text, so it is not passed on.
    throw new Error(`not a simulator's answer: ${json.length} characters that are not JSON`);
  }
};

export interface ExpectationResult {
  /** How many published messages are in no bucket. */
  readonly lost: number;
  /** What is not as expected, one sentence each. Lost messages come first. */
  readonly unmet: readonly string[];
}

interface ExpectationCheck {
  readonly sawOrder: (record: OrderRecord) => void;
  /** Whether a dead letter may be an expected one. Only its payload can tell. */
  readonly wantsPayload: (row: DeadLetterRow) => boolean;
  /** Takes the payload of a dead letter for which `wantsPayload` returned true. */
  readonly sawPayload: (payload: Uint8Array) => void;
  readonly result: () => ExpectationResult;
}

type Verdict = 'met' | 'lost' | 'wrong';

/**
 * Checks an expectation while an audit reads the tables. It looks only at its own ids, so other runs may
 * share the tables.
 */
export const createExpectationCheck = (expectation: Expectation): ExpectationCheck => {
  const verdicts = new Map<string, Verdict>();
  const checks = new Map<bigint, ((record: OrderRecord) => void)[]>();
  const invalid = new Set(expectation.invalid);
  for (const { orderId, sentence, unseen, look } of sentencesOf(expectation)) {
    verdicts.set(sentence, unseen);
    checks.set(orderId, [...(checks.get(orderId) ?? []), (record) => verdicts.set(sentence, look(record))]);
  }

  return {
    sawOrder: (record) => {
      for (const check of checks.get(record.orderId) ?? []) check(record);
    },
    wantsPayload: ({ reason }) => reason === 'invalid' && invalid.size > 0,
    sawPayload: (payload) => {
      invalid.delete(createHash('sha256').update(payload).digest('hex'));
    },
    result: () => {
      const lost = [
        ...sentencesWith(verdicts, 'lost'),
        ...[...invalid].map((sha256) => `the invalid body with SHA-256 ${sha256} should be dead-lettered`),
      ];
      const wrong = sentencesWith(verdicts, 'wrong');
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

/** One thing that must be true of an order, and how its record is judged. */
interface Sentence {
  readonly orderId: bigint;
  readonly sentence: string;
  /** The verdict while no record of the order was seen. */
  readonly unseen: Verdict;
  readonly look: (record: OrderRecord) => Verdict;
}

const sentencesOf = ({ matched, parked, unpaid, conflicts }: Expectation): readonly Sentence[] => [
  ...[...matched.map((ids) => ids.order_id), ...unpaid].map(isStored),
  ...matched.map(({ order_id: orderId, payment_id: paymentId }) => isPaid(orderId, paymentId)),
  ...parked.map(({ order_id: orderId, payment_id: paymentId }) => isParked(orderId, paymentId)),
  ...unpaid.map(hasNoPayment),
  ...conflicts.map(hasSeveralPayments),
];

const isStored = (orderId: bigint): Sentence => ({
  orderId,
  sentence: `order ${orderId} should be stored`,
  unseen: 'lost',
  look: (record) => (isHere(record) ? 'met' : 'lost'),
});

const isPaid = (orderId: bigint, paymentId: bigint): Sentence => ({
  orderId,
  sentence: `payment ${paymentId} should be kept on order ${orderId}, which should be paid`,
  unseen: 'lost',
  look: (record) => {
    if (!keeps(record, paymentId)) return 'lost';
    return isHere(record) && record.fact?.payment.paymentId !== undefined ? 'met' : 'wrong';
  },
});

const isParked = (orderId: bigint, paymentId: bigint): Sentence => ({
  orderId,
  sentence: `payment ${paymentId} should be parked and wait for order ${orderId}`,
  unseen: 'lost',
  look: (record) => {
    if (!keeps(record, paymentId)) return 'lost';
    return isHere(record) ? 'wrong' : 'met';
  },
});

const hasNoPayment = (orderId: bigint): Sentence => ({
  orderId,
  sentence: `order ${orderId} should have no payment`,
  unseen: 'met',
  look: ({ ledger }) => (ledger.length === 0 ? 'met' : 'wrong'),
});

const hasSeveralPayments = (orderId: bigint): Sentence => ({
  orderId,
  sentence: `order ${orderId} should keep more than one payment`,
  unseen: 'wrong',
  look: ({ ledger }) => (new Set(ledger.map(({ paymentId }) => paymentId)).size > 1 ? 'met' : 'wrong'),
});

const sentencesWith = (verdicts: ReadonlyMap<string, Verdict>, verdict: Verdict): string[] =>
  [...verdicts].filter(([, reached]) => reached === verdict).map(([sentence]) => sentence);

const isHere = ({ fact }: OrderRecord): boolean => fact?.order.customerId !== undefined;

const keeps = ({ ledger }: OrderRecord, paymentId: bigint): boolean =>
  ledger.some((row) => row.paymentId === paymentId);
