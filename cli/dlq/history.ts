import type { Environment } from '../../shared/config.ts';
import { DAY_MS, dayOf } from '../../shared/domain/dayOf.ts';
import type { Operation } from '../../shared/store/operationsStore.ts';
import { showText } from '../showText.ts';
import { plural } from '../plural.ts';
import { toJsonLine } from '../toJsonLine.ts';
import { UnableError } from '../unableError.ts';
import { withOperations } from '../withOperations.ts';

interface HistoryOptions {
  readonly days: number;
  readonly json: boolean;
}

/**
 * Lists what operators did on the last days, oldest first.
 * @throws UnableError when it could not look.
 */
export const historyCommand = async ({ days, json }: HistoryOptions, env: Environment): Promise<void> => {
  const todayMs = Date.now();
  const found = await withOperations(env, { json }, async (store) => {
    const all: Operation[] = [];
    for (let ago = days - 1; ago >= 0; ago -= 1) {
      all.push(...(await store.findOperations(dayOf(todayMs - ago * DAY_MS))));
    }
    return all;
  }).catch((error: unknown) => {
    throw error instanceof UnableError ? error : new UnableError('could not look', { cause: error });
  });
  if (json) {
    for (const one of found) console.log(toJsonLine(columnsOf(one)));
    return;
  }
  console.log(
    found.length === 0
      ? `No operator changed anything in the last ${plural(days, 'day')}.`
      : found.map(format).join('\n'),
  );
};

const columnsOf = (one: Operation) => ({
  started_at: new Date(one.startedAtMs).toISOString(),
  ended_at: one.endedAtMs === undefined ? null : new Date(one.endedAtMs).toISOString(),
  operation_id: one.operationId,
  action: one.action,
  operator: one.operator,
  filter: one.filter,
  because: one.because,
  result: one.result,
});

const format = (one: Operation): string =>
  [
    `${new Date(one.startedAtMs).toISOString()}  ${one.action} by ${showText(one.operator)} (${showText(one.filter)})`,
    ...(one.because === '' ? [] : [`  because: ${showText(one.because)}`]),
    `  ${one.result === undefined ? 'it runs, it died, or its end could not be written' : showText(one.result)}`,
  ].join('\n');
