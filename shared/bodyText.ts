/** The largest body of a request. Pub/Sub's largest message has 10 MB: in base64 and wrapped, 14 MB. */
export const REQUEST_BYTES_MAX = 16 * 1024 * 1024;

/**
 * The largest body that is read as an order or a payment. It leaves room for every text at its limit, and for
 * many fields that are ignored. Parsing a hostile body of 10 MB could take 1 GB of memory at every delivery
 * (I7).
 */
export const BODY_BYTES_MAX = 1024 * 1024;

const UTF_8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const BYTE_ORDER_MARK = '\uFEFF';

/**
 * Decodes UTF-8. A byte order mark stays in the text.
 * @returns undefined when the bytes are not UTF-8.
 */
export const decodeUtf8 = (bytes: Uint8Array): string | undefined => {
  try {
    return UTF_8.decode(bytes);
  } catch {
    // The decoder throws only for bytes that are not UTF-8. Each caller reports that in its own words.
    return undefined;
  }
};

/** The text without the byte order mark that Windows programs put before it. JSON does not allow one. */
export const withoutByteOrderMark = (text: string): string =>
  text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text;
