import { randomUUID } from 'node:crypto';
import { toErrorText } from '../masking/toErrorText.ts';
import type { Operation, OperationsStore } from '../store/operationsStore.ts';

/** What an operator asked for. */
interface OperationRequest {
  /** The command, such as `dlq redrive`. */
  readonly action: string;
  readonly operator: string;
  /** What it is about, as a sentence. */
  readonly filter: string;
  /** The operator's own words; empty when there are none. */
  readonly because: string;
}

/** The longest words of an operator that are kept, in bytes. */
export const BECAUSE_BYTES_MAX = 500;

/** Work failed after some of it was done, which stays done. */
export class HalfDoneError extends Error {
  override readonly name = 'HalfDoneError';

  constructor(done: string, cause: unknown) {
    super(`${done}, then it stopped`, { cause });
  }
}

interface OperationDeps {
  readonly store: Pick<OperationsStore, 'recordOperation'>;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  /** Called when the work is done and its end cannot be written. Default: nobody is told. */
  readonly onUnclosed?: (error: unknown) => void;
  /** What is done so far, as a sentence without its full stop; undefined, and by default: nothing is. */
  readonly saySoFar?: () => string | undefined;
}

/**
 * Runs work that changes something, and keeps what was asked for and what came of it. The row is written
 * before the work begins. So a command that dies is seen, too. Card numbers are masked in all texts (I8).
 * Work that is done stays done when its end cannot be written.
 * @param work gets the id of the operation and returns its result, a sentence.
 * @throws HalfDoneError when the work failed and some of it is done; else the error of the work.
 */
export const runOperation = async <Result extends { readonly summary: string }>(
  { store, clock, onUnclosed = () => {}, saySoFar = () => undefined }: OperationDeps,
  request: OperationRequest,
  work: (operation: Operation) => Promise<Result>,
): Promise<Result> => {
  const operation: Operation = {
    operationId: randomUUID(),
    startedAtMs: clock(),
    action: request.action,
    operator: toErrorText(request.operator),
    filter: toErrorText(request.filter),
    because: toErrorText(request.because, BECAUSE_BYTES_MAX),
    endedAtMs: undefined,
    result: undefined,
  };
  const end = (result: string): Promise<void> =>
    store.recordOperation({ ...operation, endedAtMs: clock(), result: toErrorText(result) });
  await store.recordOperation(operation);
  let result: Result;
  try {
    result = await work(operation);
  } catch (error) {
    // The first error is the one to report. A row without an end says that the work did not end well, either.
    const done = saySoFar();
    const why = error instanceof Error ? error.message : 'unknown';
    await end(`failed: ${done === undefined ? '' : `${done}, then `}${why}`).catch(() => {});
    throw done === undefined ? error : new HalfDoneError(done, error);
  }
  await end(result.summary).catch(onUnclosed);
  return result;
};
