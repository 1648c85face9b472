import { gzipSync } from 'node:zlib';
import type { Random } from '../../../functions/simulate/random.ts';
import { grammarBody, type MadeBody, type MessageKind } from './grammarBody.ts';
import { mutateBytes } from './mutateBytes.ts';

/** The share of bodies of a megabyte and more. One costs as much time as thousands of others. */
const HUGE_SHARE = 1 / 40_000;

/** A body for a parser: made by the grammar, by mutation, or with a shape that the grammar does not have. */
export const hostileBody = (kind: MessageKind, random: Random): MadeBody => {
  if (random.chance(HUGE_SHARE)) return hugeBody(random);
  const made = grammarBody(kind, random);
  const way = random.integer(0, 9);
  if (way <= 3) return made;
  const other = grammarBody(random.pick(['order', 'payment']), random).data;
  if (way <= 7) return { how: 'mutated', label: undefined, data: mutateBytes(made.data, other, random) };
  if (way === 8) return { how: 'the other kind', label: undefined, data: other };
  return oddBody(made, random);
};

const invalid = (how: string, data: Buffer): MadeBody => ({ how, data, label: 'invalid' });

const oddBody = (made: MadeBody, random: Random): MadeBody => {
  const depth = random.pick([10, 97, 98, 99, 100, 100, 101, 1_500]);
  switch (random.integer(0, 10)) {
    case 0:
      return invalid('nothing', Buffer.alloc(0));
    case 1:
      return {
        how: 'with a byte order mark',
        label: undefined,
        data: Buffer.concat([Buffer.from('\ufeff'), made.data]),
      };
    case 2:
      return invalid('in UTF-16', Buffer.from(made.data.toString(), 'utf16le'));
    case 3:
      return invalid('random bytes', Buffer.from([0xff, ...randomBytes(random.integer(0, 60), random)]));
    case 4:
      return invalid(
        'not an object',
        Buffer.from(random.pick(['null', '[]', '1', '"{}"', 'true', `[${made.data.toString()}]`, '""'])),
      );
    case 5:
      return invalid('arrays in arrays', Buffer.from(`${'['.repeat(depth)}${']'.repeat(depth)}`));
    case 6:
      return invalid(
        'objects in objects',
        Buffer.from(`${'{"order_id":'.repeat(depth)}1${'}'.repeat(depth)}`),
      );
    case 7:
      return { how: 'whole, with something deep', label: undefined, data: withDeepExtra(made.data, depth) };
    case 8:
      return invalid('two documents', Buffer.concat([made.data, made.data]));
    case 9:
      return invalid('a giant key', Buffer.from(`{"${'k'.repeat(random.pick([257, 5_000, 50_000]))}":1}`));
    default:
      // With an attribute that calls it gzip, it is unpacked and read.
      return { how: 'packed', label: undefined, data: gzipSync(made.data) };
  }
};

const withDeepExtra = (data: Buffer, depth: number): Buffer => {
  const text = data.toString();
  const extra = `"deep":${'['.repeat(depth)}${']'.repeat(depth)}`;
  return Buffer.from(`${text.trimEnd().slice(0, -1)},${extra}}`);
};

const randomBytes = (length: number, random: Random): number[] =>
  Array.from({ length }, () => random.integer(0, 255));

const MEBIBYTE = 1024 * 1024;

/** A body at the size limits of the product and of Pub/Sub. */
const hugeBody = (random: Random): MadeBody => {
  const edge = MEBIBYTE + random.pick([-1, 0, 1]);
  switch (random.integer(0, 7)) {
    case 0:
      return { how: 'at the limit of a body', label: undefined, data: padded(edge, random) };
    case 1:
      return invalid('10 MB of digits', Buffer.alloc(10_000_000, '4'));
    case 2:
      return invalid('9 MB of single digits', Buffer.alloc(9_000_000, '4 '));
    case 3:
      return invalid(
        '5 MB that are not UTF-8',
        Buffer.concat([Buffer.alloc(5_000_000, '4\u00a0'), Buffer.from([0xff])]),
      );
    case 4:
      return invalid('a mebibyte of arrays', Buffer.from(`[${'[],'.repeat(349_000)}[]]`));
    case 5:
      return invalid('a mebibyte of keys', manyKeys(90_000));
    case 6:
      return invalid('a mebibyte of nesting', Buffer.from(`${'['.repeat(500_000)}${']'.repeat(500_000)}`));
    default:
      return invalid('a mebibyte of backslashes', Buffer.from(`{"a":"${'\\\\'.repeat(524_000)}`));
  }
};

const padded = (bytes: number, random: Random): Buffer => {
  const { data } = grammarBody('order', random);
  return Buffer.concat([data, Buffer.alloc(Math.max(0, bytes - data.length), ' ')]);
};

const manyKeys = (count: number): Buffer =>
  Buffer.from(`{${Array.from({ length: count }, (_, at) => `"k${at}":1`).join(',')}}`);
