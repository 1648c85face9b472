import * as z from 'zod';
import { decimalNumber } from '../../local/pubsub/server/rest/decimalNumber.ts';

/** A whole number in the query of an address. Both bounds are allowed. @param expected what an error says. */
export const queryNumber = (expected: string, min: number, max: number) =>
  z
    .string()
    .transform(decimalNumber)
    .pipe(z.number(expected).int(expected).min(min, expected).max(max, expected));
