import { invalidArgument } from './statusError.ts';

/** https://cloud.google.com/pubsub/docs/create-topic-labels: "Labels have the following requirements". */
const LABELS_MAX = 64;
const KEY = /^[\p{Ll}\p{Lo}][\p{Ll}\p{Lo}\p{N}_-]{0,62}$/u;
const VALUE = /^[\p{Ll}\p{Lo}\p{N}_-]{0,63}$/u;

/** @throws StatusError INVALID_ARGUMENT for labels that production refuses. It names the key only. */
export const assertLabels = (labels: Readonly<Record<string, string>>): void => {
  const entries = Object.entries(labels);
  if (entries.length > LABELS_MAX) {
    throw invalidArgument(`A resource has at most ${LABELS_MAX} labels, not ${entries.length}.`);
  }
  for (const [key, value] of entries) {
    if (!KEY.test(key)) {
      throw invalidArgument(
        `The key of a label begins with a lower-case letter, and has at most 63 lower-case letters, digits and _-: "${key.slice(0, 63)}" has not.`,
      );
    }
    if (!VALUE.test(value)) {
      throw invalidArgument(
        `The value of a label has at most 63 lower-case letters, digits and _-: that of "${key}" has not.`,
      );
    }
  }
};
