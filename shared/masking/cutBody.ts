import { createHash } from 'node:crypto';
import { BODY_BYTES_MAX } from '../bodyText.ts';
import { holdsCardNumber } from './holdsCardNumber.ts';
import { maskBody } from './maskBody.ts';

/** A body that is too large to be read as an order or a payment. It can be read a piece at a time. */
export interface LargeBody {
  readonly byteLength: number;
  /** The bytes from `start` up to `end`. */
  readonly read: (start: number, end: number) => Uint8Array;
}

interface KeptBody {
  readonly data: Uint8Array;
  readonly isRedacted: boolean;
  readonly cut: { readonly bytes: number; readonly sha256: string };
}

const PIECE_BYTES = 256 * 1024;
/** No card number is as long, however it is written. */
const SEARCHED_BYTES = 128;

/**
 * Cuts a body to what is kept of one that is too large: its first mebibyte, with card numbers masked (I8),
 * and the size and hash of the whole. Where escapes of JSON hide a card number, none of the bytes are kept.
 * It reads the body in pieces, so it never holds all of it decoded. Each piece is masked before it is hashed,
 * because a hash of a card number would give the number away.
 */
export const cutBody = (body: LargeBody): KeptBody => {
  // It is masked before it is cut, with what follows: a card number that is cut in two would not be found.
  const start = maskBody(body.read(0, Math.min(BODY_BYTES_MAX + SEARCHED_BYTES, body.byteLength)));
  const cut = start.data.subarray(0, BODY_BYTES_MAX);
  // It is masked again, because the first digits of a number that is none may be a card number.
  const kept = maskBody(cut.subarray(0, endOfPiece(cut)));
  const isHidden = holdsEscapedCardNumber(kept.data);
  const whole = hashInPieces(body);
  return {
    data: isHidden ? new Uint8Array() : kept.data,
    isRedacted: isHidden || start.isRedacted || kept.isRedacted || whole.isRedacted,
    cut: { bytes: body.byteLength, sha256: whole.sha256 },
  };
};

const hashInPieces = (body: LargeBody): { readonly sha256: string; readonly isRedacted: boolean } => {
  const sha256 = createHash('sha256');
  let isRedacted = false;
  let start = 0;
  while (start < body.byteLength) {
    const end = Math.min(start + PIECE_BYTES, body.byteLength);
    const piece = body.read(start, end);
    const bytes = end === body.byteLength ? piece.byteLength : endOfPiece(piece);
    const masked = maskBody(piece.subarray(0, bytes));
    sha256.update(masked.idData);
    isRedacted ||= masked.isRedacted;
    start += bytes;
  }
  return { sha256: sha256.digest('hex'), isRedacted };
};

const ESCAPE = /\\u([0-9a-fA-F]{4})|\\[bfnrt]/g;

/** Whether escapes of JSON hide a card number. No parser reads them, because the JSON is cut. */
const holdsEscapedCardNumber = (data: Uint8Array): boolean =>
  holdsCardNumber(
    Buffer.from(data)
      .toString()
      .replace(ESCAPE, (_, code?: string) =>
        code === undefined ? ' ' : String.fromCharCode(Number.parseInt(code, 16)),
      ),
  );

/** A piece ends after a letter where it can, so that no card number is cut in two. */
const endOfPiece = (piece: Uint8Array): number => {
  const from = Math.max(0, piece.byteLength - SEARCHED_BYTES);
  const last = piece.subarray(from).findLastIndex(isLetter);
  return last === -1 ? piece.byteLength : from + last + 1;
};

const isLetter = (code: number): boolean => (code | 0x20) >= 0x61 && (code | 0x20) <= 0x7a;
