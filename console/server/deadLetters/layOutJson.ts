import { JsonNumber, parseJsonLosslessly } from '../../../shared/messaging/json.ts';

/** `JSON.rawJSON` is in Node; TypeScript's library does not declare it yet. */
const rawJson = (JSON as unknown as { readonly rawJSON: (source: string) => unknown }).rawJSON;

/**
 * Lays the JSON of a message out, a field on each line. Numbers keep all of their digits.
 * @returns the text itself when it is no JSON.
 */
export const layOutJson = (text: string): string => {
  try {
    const json = parseJsonLosslessly(text);
    return JSON.stringify(json, (_, one) => (one instanceof JsonNumber ? rawJson(one.source) : one), 2);
  } catch {
    // Many dead letters are no JSON. People then see the text as it came.
    return text;
  }
};
