import type * as z from 'zod';
import { toErrorText } from '../../shared/masking/toErrorText.ts';
import { REQUEST_BYTES_MAX } from './limits.ts';
import { countMessages } from './planOrders.ts';
import {
  type Preset,
  PRESET,
  REFERENCE_FIELDS,
  referenceSchema,
  sayLongRun,
  SHOP_FIELDS,
  type ShopRequest,
  shopSchema,
  type SimulateRequest,
} from './requestFields.ts';

/** A body with thousands of unknown fields gets at most this many sentences back. */
const PROBLEMS_MAX = 20;

const KNOWN_FIELDS = ['preset', 'seed', ...Object.keys({ ...REFERENCE_FIELDS, ...SHOP_FIELDS })].join(', ');

/** The simulator refuses the request. `problems` holds one sentence for each wrong field. */
export class RequestRefusedError extends Error {
  override readonly name = 'RequestRefusedError';
  readonly status: 400 | 405 | 413;
  readonly problems: readonly string[];

  constructor(status: 400 | 405 | 413, message: string, problems: readonly string[] = []) {
    super(message);
    this.status = status;
    this.problems = problems.slice(0, PROBLEMS_MAX).map((problem) => toErrorText(problem));
  }
}

/**
 * Parses the request in the body of a POST. A field that the body leaves out gets its default. An empty body
 * gives a request of defaults.
 * @param newSeed draws a seed for a request without one.
 * @throws RequestRefusedError that names every wrong field at once, with the value that it got and the values
 * that are allowed.
 */
export const parseRequest = (
  method: string,
  body: Uint8Array | undefined,
  newSeed: () => number,
): SimulateRequest => {
  if (method !== 'POST') throw new RequestRefusedError(405, `method: expected POST, got ${method}`);
  const fields = parseObject(body ?? new Uint8Array());
  const preset = PRESET.safeParse(fields.preset).data;
  const result = preset === 'shop' ? shopSchema.safeParse(fields) : referenceSchema.safeParse(fields);
  if (!result.success || preset === undefined) {
    const problems = (result.error?.issues ?? []).flatMap((issue) => toProblems(issue, preset));
    throw notValid(problems);
  }
  const seed = result.data.seed ?? newSeed();
  if (!('orders' in result.data)) return { ...result.data, preset: 'reference', seed };
  const request: ShopRequest = { ...result.data, preset: 'shop', seed };
  refuseLongRun(request);
  return request;
};

/** Draws of few orders stray far from their average, so a run is refused by what its seed draws. */
const refuseLongRun = (request: ShopRequest): void => {
  const { ratePerSecond } = request;
  const problem = ratePerSecond === 0 ? undefined : sayLongRun(countMessages(request) / ratePerSecond);
  if (problem !== undefined) throw notValid([`ratePerSecond: ${problem}`]);
};

const notValid = (problems: readonly string[]): RequestRefusedError =>
  new RequestRefusedError(400, 'the request is not valid', problems);

const parseObject = (body: Uint8Array): object & { readonly preset?: unknown } => {
  if (body.byteLength > REQUEST_BYTES_MAX) {
    throw new RequestRefusedError(
      413,
      `body: expected at most ${REQUEST_BYTES_MAX} bytes, got ${body.byteLength}`,
    );
  }
  if (body.byteLength === 0) return {};
  let json: unknown;
  try {
    json = JSON.parse(Buffer.from(body).toString('utf8'));
  } catch {
    // The message of JSON.parse quotes the text. It may contain a card number (I8), so nobody sees it.
    throw new RequestRefusedError(
      400,
      `body: expected a JSON object, got ${body.byteLength} bytes that are not JSON`,
    );
  }
  if (typeof json === 'object' && json !== null && !Array.isArray(json)) return json;
  throw new RequestRefusedError(400, 'body: expected a JSON object, got JSON that is not an object');
};

/** @param preset undefined when the request names an unknown preset. Then the fields of both are allowed. */
const toProblems = (issue: z.core.$ZodIssue, preset: Preset | undefined): string[] => {
  if (issue.code !== 'unrecognized_keys') return [`${issue.path.join('.')}: ${issue.message}`];
  return issue.keys.flatMap((key) => {
    const owner = Object.hasOwn(REFERENCE_FIELDS, key)
      ? 'reference'
      : Object.hasOwn(SHOP_FIELDS, key)
        ? 'shop'
        : undefined;
    if (owner === undefined) return [`${key}: there is no such field; the fields are ${KNOWN_FIELDS}`];
    return preset === undefined
      ? []
      : [`${key}: expected only with the preset "${owner}", got it with the preset "${preset}"`];
  });
};
