import { describe, expect, it } from 'vitest';
import { parseRequest, RequestRefusedError } from '../../functions/simulate/request.ts';
import { toErrorText } from '../../shared/messaging/deadLetterAttributes.ts';
import { parsePushBody } from '../../shared/messaging/pushBody.ts';
import { redact } from '../../shared/messaging/redact.ts';
import { traceFields } from '../../shared/telemetry/trace.ts';
import { CARD, pushRequest } from '../support/builders.ts';
import { cardNumbersIn } from '../support/cardOracle.ts';

const ERROR_CHARACTERS_MAX = 250;
const ATTRIBUTES_MAX = 1_000;

/** Every defect that hostile input showed in the product, by the smallest input that shows it. */
describe('what hostile input found', () => {
  it.each(['1', '11', '1111111111111', ' 1', '-', ' 9 9 9'])(
    'an error text is cut so that no card number is left where its end was followed by "%s"',
    (rest) => {
      const text = `${'x'.repeat(ERROR_CHARACTERS_MAX - CARD.length)}${CARD}${rest}`;

      const result = toErrorText(text);

      expect(cardNumbersIn(result)).toEqual([]);
      expect(result).toHaveLength(ERROR_CHARACTERS_MAX);
    },
  );
});

const isDigit = (byte: number): boolean => byte >= 0x30 && byte <= 0x39;

const problemsOf = (request: object): readonly string[] => {
  try {
    parseRequest('POST', Buffer.from(JSON.stringify(request)), () => 1);
  } catch (error) {
    if (error instanceof RequestRefusedError) return error.problems;
    throw error;
  }
  throw new Error('expected a refusal, got a request');
};
