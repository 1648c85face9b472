import { randomBytes } from 'node:crypto';

/** To ask the system for random bytes costs more than all else in an id, so it is asked for many at once. */
const POOL_BYTES = 3 * 1024;

let pool = '';

/** Draws so many random hex digits for an id. No digit is given twice. */
export const randomHex = (digits: number): string => {
  while (pool.length < digits) pool += randomBytes(POOL_BYTES).toString('hex');
  const drawn = pool.slice(0, digits);
  pool = pool.slice(digits);
  return drawn;
};
