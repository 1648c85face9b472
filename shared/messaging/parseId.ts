import { ID_MAX } from './parseMessage.ts';

/** Reads an id. `'17'` → `17n`. @returns undefined for a text that is no whole number from 0 to 2^63-1. */
export const parseId = (text: string): bigint | undefined => {
  if (!/^\d{1,19}$/.test(text)) return undefined;
  const id = BigInt(text);
  return id > ID_MAX ? undefined : id;
};
