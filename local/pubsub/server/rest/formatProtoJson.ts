import type { ProtoField, ProtoTypes } from './protoTypes.ts';
import { wellKnownTypes } from './wellKnownTypes.ts';

interface FormatOptions {
  /** Whether enums are numbers. Google's clients ask for that with `$alt=json;enum-encoding=int`. */
  readonly areEnumsNumbers: boolean;
}

/**
 * Writes a message as JSON, as Google's REST does: https://protobuf.dev/programming-guides/json
 * A field that has its default value is left out.
 * @param type the message's full name.
 * @param message as gRPC's deserialiser gives it.
 */
export const formatProtoJson = (
  types: ProtoTypes,
  type: string,
  message: object,
  options: FormatOptions,
): unknown => {
  const wellKnown = wellKnownTypes[type];
  if (wellKnown !== undefined) return wellKnown.format(message);
  const json: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(types.fieldsOf(type))) {
    const value: unknown = Reflect.get(message, name);
    if (!isDefault(types, field, value)) json[name] = formatField(types, field, value, options);
  }
  return json;
};

const formatField = (
  types: ProtoTypes,
  field: ProtoField,
  value: unknown,
  options: FormatOptions,
): unknown => {
  const format = (one: unknown): unknown => formatValue(types, field.type, one, options);
  if (Array.isArray(value)) return value.map(format);
  if (!field.isMap) return format(value);
  return Object.fromEntries(Object.entries(value as object).map(([key, one]) => [key, format(one)]));
};

const formatValue = (types: ProtoTypes, type: string, value: unknown, options: FormatOptions): unknown => {
  const values = types.valuesOf(type);
  if (values !== undefined) return options.areEnumsNumbers ? values[String(value)] : value;
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  return typeof value === 'object' && value !== null ? formatProtoJson(types, type, value, options) : value;
};

const isDefault = (types: ProtoTypes, { type, isRepeated, isMap }: ProtoField, value: unknown): boolean => {
  if (value === undefined || value === null) return true;
  if (isRepeated || isMap) return Object.keys(value).length === 0;
  if (value instanceof Uint8Array) return value.byteLength === 0;
  const values = types.valuesOf(type);
  if (values !== undefined) return typeof value === 'string' && values[value] === 0;
  return value === '' || value === 0 || value === '0' || value === false;
};
