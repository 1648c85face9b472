import type { Random } from '../../../functions/simulate/random.ts';

/** Pieces to insert into a body: characters of JSON, and bytes that are not UTF-8. */
const PIECES: readonly [Buffer, ...Buffer[]] = [
  Buffer.from('{'),
  ...(
    ['{', '}', '[', ']', ',', ':', '"', '\\', '\\u', '\\ud800', '0', '-', 'e', '.', 'null', '\ufeff'] as const
  ).map((text) => Buffer.from(text)),
  ...['ff', 'c0af', 'eda080', 'f4908080', 'e28080', '00', 'c2', '1f8b08'].map((hex) =>
    Buffer.from(hex, 'hex'),
  ),
  Buffer.from('"__proto__":{"polluted":true},'),
  Buffer.from('"constructor":{"prototype":{"polluted":true}},'),
];

/** Mutates a body one to four times. A mutation may insert a part of `other`. */
export const mutateBytes = (body: Buffer, other: Buffer, random: Random): Buffer => {
  let mutated = body;
  for (let left = random.integer(1, 4); left > 0; left -= 1) mutated = mutateOnce(mutated, other, random);
  return mutated;
};

const mutateOnce = (body: Buffer, other: Buffer, random: Random): Buffer => {
  const at = random.integer(0, Math.max(0, body.length - 1));
  const end = Math.min(body.length, at + random.integer(1, 24));
  switch (random.integer(0, 8)) {
    case 0:
      return flipBit(body, at, random);
    case 1:
      return body.subarray(0, at);
    case 2:
      return body.subarray(at);
    case 3:
      return Buffer.concat([body.subarray(0, at), body.subarray(end)]);
    case 4:
      return Buffer.concat([body.subarray(0, end), body.subarray(at)]);
    case 5:
      return Buffer.concat([body.subarray(0, at), other.subarray(random.integer(0, other.length))]);
    case 6:
      return Buffer.concat([body.subarray(0, at), random.pick(PIECES), body.subarray(end)]);
    default:
      return Buffer.concat([body.subarray(0, at), random.pick(PIECES), body.subarray(at)]);
  }
};

const flipBit = (body: Buffer, at: number, random: Random): Buffer => {
  const flipped = Buffer.from(body);
  if (flipped.length > 0) flipped[at] = (flipped[at] ?? 0) ^ (1 << random.integer(0, 7));
  return flipped;
};
