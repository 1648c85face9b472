import { describe, expect, it } from 'vitest';
import { describeRequests } from '../../../functions/simulate/describeRequests.ts';
import { parseRequest, RequestRefusedError } from '../../../functions/simulate/parseRequest.ts';

const { presets } = describeRequests();
const parse = (request: object) => parseRequest('POST', Buffer.from(JSON.stringify(request)), () => 7);
const problemsOf = (request: object): readonly string[] => {
  try {
    parse(request);
    return [];
  } catch (error) {
    if (error instanceof RequestRefusedError) return error.problems;
    throw error;
  }
};

describe('the description of requests', () => {
  it.each(presets)('has each field of a request, with its default: $preset', ({ preset, fields }) => {
    const { preset: _, ...request } = parse({ preset });

    const named = Object.fromEntries(fields.map((field) => [field.name, field.default ?? 7]));
    expect(named).toEqual(request);
  });

  it.each(presets)('says what is allowed in the words of a refusal: $preset', ({ preset, fields }) => {
    const wrong = Object.fromEntries(fields.map(({ name }) => [name, {}]));

    expect(fields.length).toBeGreaterThan(15);
    // A refusal has at most 20 problems.
    expect(problemsOf({ preset, ...wrong })).toEqual(
      fields.map(({ name, allowed }) => `${name}: expected ${allowed}, got an object`).slice(0, 20),
    );
  });
});
