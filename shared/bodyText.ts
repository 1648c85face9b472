/**
 * The largest body that is read as an order or a payment. It leaves room for every text at its limit, and for
 * many fields that are ignored. Parsing a hostile body of 10 MB could take 1 GB of memory at every delivery
 * (I7).
 */
export const BODY_BYTES_MAX = 1024 * 1024;

const UTF_8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

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
