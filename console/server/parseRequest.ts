import type * as z from 'zod';
import type { Refusal } from '../contract.ts';

/** The request cannot be done as it is. What is wrong is named by field. */
export class RequestRefusedError extends Error {
  override readonly name = 'RequestRefusedError';
  readonly status: number;
  readonly refusal: Refusal;

  constructor(status: number, error: string, fields: Readonly<Record<string, string>> = {}) {
    super(error);
    this.status = status;
    this.refusal = { error, ...(Object.keys(fields).length === 0 ? {} : { fields }) };
  }
}

/**
 * Reads a body or a query with a schema.
 * @throws RequestRefusedError with the status 422 that names each wrong field.
 */
export const parseRequest = <Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> => {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  // Not an object: a client may name a field `__proto__`.
  const fields = new Map<string, string>();
  for (const issue of parsed.error.issues) {
    const names = issue.code === 'unrecognized_keys' ? issue.keys : [issue.path.join('.')];
    const what = issue.code === 'unrecognized_keys' ? 'there is no such field' : issue.message;
    for (const name of names.map((one) => one || 'body')) fields.set(name, fields.get(name) ?? what);
  }
  const said = [...fields].map(([name, what]) => `${name}: ${what}`);
  throw new RequestRefusedError(422, said.join('; '), Object.fromEntries(fields));
};
