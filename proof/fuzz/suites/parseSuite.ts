import { isDeepStrictEqual } from 'node:util';
import { PermanentError } from '../../../shared/errors.ts';
import { parseOrder, parsePayment } from '../../../shared/messaging/parseMessage.ts';
import { hostileBody } from '../generate/hostileBody.ts';
import { randomOf } from '../generate/randomOf.ts';
import { judgeOrder, judgePayment } from '../judge/judgeMessage.ts';
import { firstOf, type Suite } from '../verdict.ts';

export interface Parsers {
  readonly order: (data: Uint8Array) => unknown;
  readonly payment: (data: Uint8Array) => unknown;
}

/**
 * Sends bodies to a parser only. It must read the same message as the judge, to the last digit, or throw a
 * PermanentError that names every bad field.
 */
export const createParseSuite =
  (parsers: Parsers = { order: parseOrder, payment: parsePayment }): Suite =>
  (seed, index) => {
    const random = randomOf(seed, index);
    const kind = random.pick(['order', 'payment'] as const);
    const body = hostileBody(kind, random);
    return {
      how: `the parser of an ${kind}: ${body.how}`,
      payload: body.data,
      check: async (payload) => {
        const judged = kind === 'order' ? judgeOrder(payload) : judgePayment(payload);
        const isMalformed = judged.kind === 'invalid';
        if (judged.kind === 'either') return { outcome: 'parse passed over', isMalformed };
        const parsed = parsing(() => parsers[kind](payload));
        const label = payload === body.data ? body.label : undefined;
        const message = parsed.error?.message ?? '';
        const missing =
          judged.kind === 'invalid'
            ? judged.badFields.filter((field) => !message.includes(`${field}: `))
            : [];
        const violation = firstOf(
          [
            parsed.error !== undefined && !(parsed.error instanceof PermanentError),
            `threw ${parsed.error?.name}: ${message}`,
          ],
          [
            label !== undefined && (label === 'valid') === isMalformed,
            `the body was made ${label}, but the judge disagrees`,
          ],
          [judged.kind === 'valid' && parsed.error !== undefined, `refused a valid body: ${message}`],
          [judged.kind === 'invalid' && parsed.error === undefined, 'accepted an invalid body'],
          [missing.length > 0, `did not name ${missing.join(', ')} but said: ${message}`],
          [
            judged.kind === 'valid' &&
              !isDeepStrictEqual(parsed.value, { [kind]: judged.message, occurredAtMs: judged.occurredAtMs }),
            'read another message than was sent',
          ],
        );
        const outcome = `parse ${kind} ${isMalformed ? 'refused' : 'read'}`;
        return violation === undefined ? { outcome, isMalformed } : { outcome, isMalformed, violation };
      },
    };
  };

const parsing = (parse: () => unknown): { readonly value?: unknown; readonly error?: Error } => {
  try {
    return { value: parse() };
  } catch (error) {
    return { error: error instanceof Error ? error : new Error('something that is not an Error was thrown') };
  }
};
