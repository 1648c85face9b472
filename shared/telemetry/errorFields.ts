import { PermanentError, TransientError } from '../errors.ts';
import { toErrorText } from '../masking/toErrorText.ts';

const STACK_CHARACTERS_MAX = 4_000;

/**
 * The fields of a log line that describe an error: `error` and `error_cause`, each with class and text,
 * masked (I8). An error that is neither transient nor permanent is a bug, so its `stack` is logged too.
 * @returns no fields for undefined.
 */
export const errorFields = (error: unknown): Record<string, unknown> => {
  if (error === undefined) return {};
  if (!(error instanceof Error)) return { error: 'something that is not an Error was thrown' };
  const isBug = !(error instanceof TransientError || error instanceof PermanentError);
  return {
    error: toErrorText(`${error.name}: ${error.message}`),
    ...(error.cause instanceof Error
      ? { error_cause: toErrorText(`${error.cause.name}: ${error.cause.message}`) }
      : {}),
    ...(isBug && error.stack !== undefined ? { stack: toErrorText(error.stack, STACK_CHARACTERS_MAX) } : {}),
  };
};
