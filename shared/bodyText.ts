/**
 * What is read as an order or a payment: room for every text at its limit and for much that is ignored. Parsing a hostile
 * 10 MB could take 1 GB of memory, and would again at each redelivery (I7).
 */
export const BODY_BYTES_MAX = 1024 * 1024;

const UTF_8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The text of UTF-8 bytes, byte order mark included; undefined when they are not UTF-8. */
export const decodeUtf8 = (bytes: Uint8Array): string | undefined => {
  try {
    return UTF_8.decode(bytes);
  } catch {
    // The decoder's only complaint: not UTF-8. Callers say so in their own words.
    return undefined;
  }
};
