import { gunzipSync } from 'node:zlib';
import type { CellValue, MemoryTable } from '../../../shared/store/memoryTable.ts';
import { cardNumbersIn } from './cardOracle.ts';
import type { Published } from '../world.ts';
import { type Json, judgeJson, NumberToken, TOO_DEEP } from './judgeJson.ts';

/** Fields that are numbers, ids or hashes by contract. Their digits can look like a card number by chance. */
const EXEMPT = new Set([
  'order_id',
  'customer_id',
  'payment_id',
  'price',
  'quantity',
  'event_id',
  'told_by',
  'ref',
  'payload_sha256',
  'logging.googleapis.com/trace',
  'logging.googleapis.com/spanId',
]);
const IDS = new Set(['order_id', 'customer_id', 'payment_id']);

/** A card number in a text, or in a text with escapes: quoted JSON writes a tab as a backslash and a t. */
export const leakIn = (text: string): string | undefined =>
  cardNumbersIn(text)[0] ?? (text.includes('\\') ? cardNumbersIn(unquote(text))[0] : undefined);

const unquote = (text: string): string =>
  text
    .replaceAll(/\\+u([0-9a-fA-F]{4})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    .replaceAll(/\\+[tnrfbv]/g, ' ');

/** A card number in bytes, read as JSON, as UTF-8, as Latin-1, or unpacked. */
const leakInBytes = (bytes: Uint8Array): string | undefined => {
  const buffer = Buffer.from(bytes);
  if (buffer[0] === 0x1f && buffer[1] === 0x8b) {
    try {
      return leakInBytes(gunzipSync(buffer));
    } catch {
      // The bytes are not gzip, though they begin like it.
    }
  }
  const judged = judgeJson(buffer.toString('utf8'));
  if (judged !== undefined && judged !== TOO_DEEP) return leakInJson(judged.value, '', IDS);
  return leakIn(buffer.toString('utf8')) ?? leakIn(buffer.toString('latin1'));
};

/** A card number in the texts and names of JSON, and in numbers other than the exempt fields. */
const leakInJson = (value: Json, field: string, ids: ReadonlySet<string>): string | undefined => {
  if (value instanceof NumberToken) {
    return EXEMPT.has(field) ? undefined : cardNumbersIn(value.source)[0];
  }
  if (typeof value === 'string')
    return ids.has(field) && /^[0-9a-f]+$/.test(value) ? undefined : leakIn(value);
  if (Array.isArray(value)) return first(value, (element) => leakInJson(element, '', ids));
  if (value instanceof Map)
    return first([...value], ([name, element]) => leakIn(name) ?? leakInJson(element, name, ids));
  return undefined;
};

const first = <T>(all: readonly T[], leak: (one: T) => string | undefined): string | undefined => {
  for (const one of all) {
    const found = leak(one);
    if (found !== undefined) return found;
  }
  return undefined;
};

/** A card number in a log line. The event id is left out, because it is a hash. */
export const leakInLine = (line: string): string | undefined => {
  const judged = judgeJson(line.trimEnd());
  if (judged === undefined || judged === TOO_DEEP || !(judged.value instanceof Map)) return leakIn(line);
  const fields = [...judged.value].filter(([name]) => name !== 'event_id');
  return first(fields, ([name, value]) => leakInJson(value, name, IDS));
};

export const leakInTables = (tables: Readonly<Record<string, MemoryTable>>): string | undefined =>
  first(Object.entries(tables), ([name, table]) =>
    first(table.keys(), (key) =>
      first(Object.entries(table.read(key) ?? {}), ([column, value]) => {
        const found = value === undefined || value === null ? undefined : leakInCell(column, value);
        return found === undefined ? undefined : `${name}.${column}: ${found}`;
      }),
    ),
  );

/**
 * A card number in a cell. Only texts and bytes are searched: number columns are ids, prices, quantities and
 * times.
 */
export const leakInCell = (column: string, value: CellValue): string | undefined => {
  if (value instanceof Uint8Array) return leakInBytes(value);
  return typeof value === 'string' && !EXEMPT.has(column) ? leakIn(value) : undefined;
};

export const leakInPublished = ({ data, attributes = {} }: Published): string | undefined =>
  leakInBytes(data) ??
  first(
    Object.entries(attributes),
    ([name, value]) => leakIn(name) ?? (name === 'tally_event_id' ? undefined : leakIn(withoutIds(value))),
  );

/** Without the ids of findings, which are hashes. */
const withoutIds = (text: string): string => text.replaceAll(/"id":"[0-9a-f]{32}"/g, '');
