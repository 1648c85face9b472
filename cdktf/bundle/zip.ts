import { crc32, deflateRawSync } from 'node:zlib';

export interface FileToPack {
  /** Relative to the archive's root; ASCII. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

/**
 * Info-ZIP writes these for "made on Unix, needs version 2.0 to unpack":
 * https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
 */
const VERSION_MADE_BY = (3 << 8) | 20;
const VERSION_NEEDED = 20;
const DEFLATE = 8;
/** 1980-01-01, the earliest date of the format. */
const DATE = 0x0021;
/** A regular file that everybody may read, because one user builds a function and another one runs it. */
const MODE = 0o100644;

/**
 * Makes a zip archive. The result depends only on the names and bytes of the files: it has no times and no
 * owner, and the order is always the same. So the hash of an archive changes only with its contents, and a
 * deployment without changes uploads nothing.
 */
export const zip = (files: readonly FileToPack[]): Buffer => {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, bytes } of files.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const packed = deflateRawSync(bytes, { level: 9 });
    const fields = fieldsOf(name, bytes, packed.byteLength);
    const local = Buffer.concat([uint32(0x04034b50), fields, uint16(0), Buffer.from(name), packed]);
    directory.push(
      Buffer.concat([
        uint32(0x02014b50),
        uint16(VERSION_MADE_BY),
        fields,
        // No extra field, no comment, the first disk, a binary file.
        ...[0, 0, 0, 0].map(uint16),
        uint32(MODE * 0x10000),
        uint32(offset),
        Buffer.from(name),
      ]),
    );
    parts.push(local);
    offset += local.byteLength;
  }
  const entries = Buffer.concat(directory);
  const end = Buffer.concat([
    uint32(0x06054b50),
    ...[0, 0, files.length, files.length].map(uint16),
    uint32(entries.byteLength),
    uint32(offset),
    uint16(0),
  ]);
  return Buffer.concat([...parts, entries, end]);
};

/** The fields that the header of a file and its entry in the directory have in common. */
const fieldsOf = (name: string, bytes: Uint8Array, packedBytes: number): Buffer =>
  Buffer.concat([
    ...[VERSION_NEEDED, 0, DEFLATE, 0, DATE].map(uint16),
    ...[crc32(bytes), packedBytes, bytes.byteLength].map(uint32),
    uint16(Buffer.byteLength(name)),
  ]);

const uint16 = (value: number): Buffer => {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
};

const uint32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
};
