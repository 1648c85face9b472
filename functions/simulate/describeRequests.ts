import * as z from 'zod';
import { referenceSchema, shopSchema } from './requestFields.ts';

interface RequestField {
  readonly name: string;
  /** What it may hold, in words. */
  readonly allowed: string;
  /** What it is when a request leaves it out; null: it is drawn. */
  readonly default: unknown;
}

interface PresetDescription {
  readonly preset: string;
  /** In their order, without `preset` itself. */
  readonly fields: readonly RequestField[];
}

/** The fields of each preset, read from the schemas of the requests, for whoever makes a form of them. */
export const describeRequests = (): { readonly presets: readonly PresetDescription[] } => ({
  presets: [
    { preset: 'shop', fields: fieldsOf(shopSchema, shopSchema.parse({ preset: 'shop' })) },
    { preset: 'reference', fields: fieldsOf(referenceSchema, referenceSchema.parse({})) },
  ],
});

const fieldsOf = (schema: z.ZodType, defaults: Readonly<Record<string, unknown>>): readonly RequestField[] =>
  Object.entries(z.toJSONSchema(schema, { io: 'input' }).properties ?? {}).flatMap(([name, property]) =>
    name === 'preset' ? [] : [{ name, allowed: describe(property), default: defaults[name] ?? null }],
  );

const describe = (property: z.core.JSONSchema._JSONSchema): string =>
  typeof property === 'object' ? (property.description ?? '') : '';
