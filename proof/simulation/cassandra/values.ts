import { types } from 'cassandra-driver';
import type { CqlType } from './tables.ts';

/** A value as the driver takes and returns it. */
export type CqlValue = bigint | number | boolean | string | Date | Uint8Array | types.LocalDate;

const IS_OF_TYPE: Readonly<Record<CqlType, (value: unknown) => boolean>> = {
  bigint: (value) => typeof value === 'bigint',
  int: (value) => Number.isInteger(value),
  double: (value) => typeof value === 'number',
  boolean: (value) => typeof value === 'boolean',
  text: (value) => typeof value === 'string',
  timestamp: (value) => value instanceof Date,
  date: (value) => value instanceof types.LocalDate,
  blob: (value) => value instanceof Uint8Array,
};

/**
 * Returns a check of values of a type. The check throws a TypeError for a value that the driver would refuse.
 */
export const cqlValueOf = (type: CqlType): ((value: unknown) => CqlValue) => {
  const isOfType = IS_OF_TYPE[type];
  return (value) => {
    if (!isOfType(value)) throw new TypeError(`expected a value of type ${type}, got ${typeof value}`);
    return value as CqlValue;
  };
};

/**
 * Compares two values with equal write times, as Cassandra does: by their serialized bytes, which are
 * unsigned (`Cells.reconcile`, `ValueAccessor.compare`). Below 0 when `a` loses.
 */
export const compareSerialized = (type: CqlType, a: CqlValue, b: CqlValue): number =>
  isSame(a, b) ? 0 : Buffer.compare(serialize(type, a), serialize(type, b));

/** Most compared values are equal, because one value was written twice. This spares their serialization. */
const isSame = (a: CqlValue, b: CqlValue): boolean =>
  a === b || (a instanceof Date && b instanceof Date && a.getTime() === b.getTime());

const serialize = (type: CqlType, value: CqlValue): Uint8Array => {
  switch (type) {
    case 'bigint':
      return int64(value as bigint);
    case 'timestamp':
      return int64(BigInt((value as Date).getTime()));
    case 'int': {
      const bytes = Buffer.alloc(4);
      bytes.writeInt32BE(value as number);
      return bytes;
    }
    case 'double': {
      const bytes = Buffer.alloc(8);
      bytes.writeDoubleBE(value as number);
      return bytes;
    }
    case 'boolean':
      return Buffer.from([value === true ? 1 : 0]);
    case 'blob':
      return value as Uint8Array;
    case 'text':
    case 'date':
      return Buffer.from(String(value));
  }
};

const int64 = (value: bigint): Buffer => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(value);
  return bytes;
};
