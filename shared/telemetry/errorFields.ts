import { PermanentError, TransientError } from '../errors.ts';
import { toErrorText } from '../masking/toErrorText.ts';

const STACK_CHARACTERS_MAX = 4_000;

/** An error for a log line: class and text of it and of what caused it, masked (I8). */
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
