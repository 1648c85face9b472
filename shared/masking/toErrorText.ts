import { maskCardNumbers } from './maskCardNumbers.ts';

/**
 * Pub/Sub limits the value of an attribute to 1024 bytes:
 * https://cloud.google.com/pubsub/quotas#resource_limits. The error of an order in which every field is bad
 * has room in it.
 */
const ERROR_BYTES_MAX = 1_000;

/** Stands at the end of a text that was cut. */
export const CUT_MARK = '…';

/**
 * Makes a text safe for an attribute, a table or a log line: masks card numbers (I8) and cuts it. A text that
 * was cut ends with `…`. It masks again after the cut, because the first sixteen of twenty digits may be a
 * card number even when all twenty are not.
 * @param bytesMax the limit in bytes of UTF-8; 1,000 when left out.
 */
export const toErrorText = (text: string, bytesMax = ERROR_BYTES_MAX): string => {
  const masked = maskCardNumbers(text);
  if (Buffer.byteLength(masked) <= bytesMax) return masked;
  const room = bytesMax - Buffer.byteLength(CUT_MARK);
  return `${maskCardNumbers(cutToBytes(masked, room))}${CUT_MARK}`;
};

/** The longest beginning of a text that has at most so many bytes, and no half of a character. */
const cutToBytes = (text: string, bytesMax: number): string => {
  const { read } = new TextEncoder().encodeInto(text, new Uint8Array(bytesMax));
  return text.slice(0, read);
};
