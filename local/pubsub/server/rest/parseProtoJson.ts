import { decimalNumber } from './decimalNumber.ts';
import { invalidArgument } from '../statusError.ts';
import type { ProtoField, ProtoTypes } from './protoTypes.ts';
import { wellKnownTypes } from './wellKnownTypes.ts';

const INT32 = { min: -(2 ** 31), max: 2 ** 31 - 1 };
const BASE64 = /^[\w+/-]*={0,2}$/;

/**
 * Reads a message from JSON, as Google's REST does: https://protobuf.dev/programming-guides/json
 * Fields may have their JSON names or their names in snake_case. A field that is null counts as left out.
 * @param type the message's full name.
 * @param at where in the request the value stands; '' for the request itself.
 * @returns the message as gRPC's serialiser takes it.
 * @throws StatusError INVALID_ARGUMENT that names the field, but not its value.
 */
export const parseProtoJson = (types: ProtoTypes, type: string, json: unknown, at = ''): object => {
  const wellKnown = wellKnownTypes[type];
  if (wellKnown !== undefined) {
    const value = typeof json === 'string' ? wellKnown.parse(json) : undefined;
    return value ?? refuse(at, wellKnown.expected);
  }
  if (!isObject(json)) return refuse(at, 'an object');
  const fields = types.fieldsOf(type);
  const message: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(json)) {
    const name = jsonNameOf(key);
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (field === undefined) {
      const where = at === '' ? '' : ` at '${at}'`;
      throw invalidArgument(
        `Invalid JSON payload received. Unknown name "${key}"${where}: Cannot find field.`,
      );
    }
    if (Object.hasOwn(message, name)) {
      throw invalidArgument(`Invalid JSON payload received. The field "${name}" is there twice.`);
    }
    if (value !== null) message[name] = parseField(types, field, value, at === '' ? name : `${at}.${name}`);
  }
  return message;
};

/** The name of a field in JSON: `ack_deadline_seconds` is `ackDeadlineSeconds`. */
export const jsonNameOf = (name: string): string =>
  name.replace(/_(?<letter>[a-z\d])/g, (_, letter: string) => letter.toUpperCase());

const parseField = (types: ProtoTypes, field: ProtoField, json: unknown, at: string): unknown => {
  const parse = (value: unknown, where: string): unknown => parseValue(types, field.type, value, where);
  if (field.isMap) {
    if (!isObject(json)) return refuse(at, 'an object');
    // gRPC's serialiser would lose it without a word.
    if (Object.hasOwn(json, '__proto__')) return refuse(at, 'no key "__proto__"');
    return Object.fromEntries(
      Object.entries(json).map(([key, value]) => [key, parse(value, `${at}.${key}`)]),
    );
  }
  if (!field.isRepeated) return parse(json, at);
  if (!Array.isArray(json)) return refuse(at, 'a list');
  return json.map((value, index) => parse(value, `${at}[${index}]`));
};

const parseValue = (types: ProtoTypes, type: string, json: unknown, at: string): unknown => {
  const values = types.valuesOf(type);
  if (values !== undefined) {
    const isKnown = typeof json === 'string' ? Object.hasOwn(values, json) : isNumberOf(values, json);
    return isKnown ? json : refuse(at, `one of ${Object.keys(values).join(', ')}`);
  }
  switch (type) {
    case 'string':
      return typeof json === 'string' ? json : refuse(at, 'a text');
    case 'bool':
      return typeof json === 'boolean' ? json : refuse(at, 'true or false');
    case 'bytes':
      return isBase64(json) ? Buffer.from(json, 'base64') : refuse(at, 'base64');
    case 'int32': {
      const number = toNumber(json);
      const isInt32 = Number.isInteger(number) && number >= INT32.min && number <= INT32.max;
      return isInt32 ? number : refuse(at, 'a 32-bit whole number');
    }
    case 'int64':
      return Number.isSafeInteger(toNumber(json)) ? String(json) : refuse(at, 'a whole number');
    case 'double': {
      const number = toNumber(json);
      return Number.isFinite(number) ? number : refuse(at, 'a number');
    }
    default:
      return parseProtoJson(types, type, json, at);
  }
};

const refuse = (at: string, expected: string): never => {
  throw invalidArgument(`Invalid value at '${at === '' ? 'the body' : at}': expected ${expected}.`);
};

const isObject = (json: unknown): json is object =>
  typeof json === 'object' && json !== null && !Array.isArray(json);

const isNumberOf = (values: Readonly<Record<string, number>>, json: unknown): boolean =>
  Object.values(values).some((value) => value === json);

/** A number, or a text that holds one. NaN: neither. */
const toNumber = (json: unknown): number => {
  if (typeof json === 'number') return json;
  return typeof json === 'string' ? decimalNumber(json) : Number.NaN;
};

/** Base64 in either of its alphabets, with or without padding. */
const isBase64 = (json: unknown): json is string =>
  typeof json === 'string' && BASE64.test(json) && json.replace(/=+$/, '').length % 4 !== 1;
