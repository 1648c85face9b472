import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

/** The best first. */
const ENCODINGS = ['br', 'gzip'] as const;

/** A text as it is sent, by the name that HTTP has for the way it is packed. */
export type Packed = Readonly<Record<(typeof ENCODINGS)[number], Uint8Array>>;

const brotli = promisify(brotliCompress);
const zip = promisify(gzip);

/** Packs a text as small as it gets. It takes milliseconds, so whoever sends it often keeps the result. */
export const packText = async (text: string): Promise<Packed> => {
  const params = { [constants.BROTLI_PARAM_SIZE_HINT]: Buffer.byteLength(text) };
  return { br: await brotli(text, { params }), gzip: await zip(text) };
};

/**
 * Which of them a client takes. `gzip, br` → `br`, `br;q=0, gzip` → `gzip`.
 * @param accepted the header Accept-Encoding.
 * @returns undefined when it takes none of them.
 */
export const chooseEncoding = (accepted = ''): keyof Packed | undefined => {
  const taken = accepted.split(',').map((part) =>
    part
      .trim()
      .toLowerCase()
      .split(/\s*;\s*q\s*=\s*/),
  );
  return ENCODINGS.find((name) => taken.some(([one, share]) => one === name && Number(share ?? 1) > 0));
};
