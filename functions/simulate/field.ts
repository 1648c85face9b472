import * as z from 'zod';
import { maskCardNumbers } from '../../shared/masking/maskCardNumbers.ts';

const TEXT_SHOWN_CHARACTERS_MAX = 40;

/** A field of the request, with its rule in words for the caller and as a schema. */
export const field = <T>(allowed: string, schema: z.ZodType<T>) =>
  z
    .unknown()
    .transform((raw, context): T => {
      const result = schema.safeParse(raw);
      if (result.success) return result.data;
      context.addIssue({ code: 'custom', message: `expected ${allowed}, got ${describe(raw)}` });
      return z.NEVER;
    })
    .describe(allowed);

export const oneOf = <T extends string>(choices: readonly T[]) =>
  field(choices.map((choice) => `"${choice}"`).join(' or '), z.enum(choices));
export const wholeNumber = (min: number, max: number) =>
  field(`a whole number from ${min} to ${max}`, z.int().min(min).max(max));
export const number = (max: number) => field(`a number from 0 to ${max}`, z.number().min(0).max(max));

/**
 * Describes a value that was refused. It masks card numbers before it quotes the text (I8): quotes turn a tab
 * into the characters `\t`, and the masking would no longer recognise a card number with tabs in it.
 */
const describe = (raw: unknown): string => {
  if (Array.isArray(raw)) return 'an array';
  if (typeof raw === 'object' && raw !== null) return 'an object';
  if (typeof raw !== 'string') return String(raw);
  return raw.length <= TEXT_SHOWN_CHARACTERS_MAX
    ? JSON.stringify(maskCardNumbers(raw))
    : `a string of ${raw.length} characters`;
};
