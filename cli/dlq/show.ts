import type { Environment } from '../../shared/config.ts';
import type { DeadLetterAction } from '../../shared/domain/deadLetterAction.ts';
import { ledgerIdsOf } from '../../shared/audit/inspectDeadLetter.ts';
import {
  ANY_DEAD_LETTER,
  type DeadLetterFilter,
  type DeadLetterState,
} from '../../shared/operations/deadLetterFilter.ts';
import { deadLetterState } from '../../shared/operations/deadLetterState.ts';
import { findDeadLetters } from '../../shared/operations/findDeadLetters.ts';
import { findOrderView } from '../../shared/operations/findOrderView.ts';
import { planRedrive } from '../../shared/operations/planRedrive.ts';
import type { OperationsStore } from '../../shared/store/operationsStore.ts';
import type { DeadLetterRow } from '../../shared/store/auditSource.ts';
import { formatAction } from '../formatAction.ts';
import { formatOrder } from '../formatOrder.ts';
import { logSearch } from '../logSearch.ts';
import { actionColumns, deadLetterColumns } from '../orderColumns.ts';
import { showText } from '../showText.ts';
import { toJsonLine } from '../toJsonLine.ts';
import { UnableError } from '../unableError.ts';
import { withOperations } from '../withOperations.ts';

interface ShowOptions {
  readonly id: string;
  readonly json: boolean;
}

/** No dead letter has the id: `tally dlq show` exits 1. */
export class DeadLetterUnknownError extends Error {
  override readonly name = 'DeadLetterUnknownError';

  constructor(id: string) {
    super(`there is no dead letter ${id}: it may have expired`);
  }
}

/** All that is known about one dead letter. */
interface Shown {
  readonly row: DeadLetterRow;
  readonly state: DeadLetterState;
  readonly payload: Uint8Array;
  readonly actions: readonly DeadLetterAction[];
}

/**
 * Shows a dead letter: its payload, where it came from, what was done with it, and its order as it is now.
 * @throws DeadLetterUnknownError when there is none; UnableError when it could not look.
 */
export const showCommand = async ({ id, json }: ShowOptions, env: Environment): Promise<void> => {
  const found = await withOperations(env, { json }, async (store) => {
    try {
      const shown = await findShown(store, id);
      const orderId = shown[0]?.row.orderId;
      const order = orderId === undefined ? undefined : await findOrderView(store, orderId, Date.now());
      return { shown, order };
    } catch (error) {
      throw new UnableError('could not look', { cause: error });
    }
  });
  if (found.shown.length === 0) throw new DeadLetterUnknownError(id);
  if (json) {
    for (const one of found.shown) console.log(toJson(one));
    return;
  }
  console.log(found.shown.map(format).join('\n\n'));
  if (found.order !== undefined) {
    console.log(`\n${formatOrder(found.order, logSearch(found.order.record.orderId, env))}`);
  }
};

/** One id may have dead letters with several reasons. */
const findShown = async (store: OperationsStore, id: string): Promise<readonly Shown[]> => {
  const filter: DeadLetterFilter = { ...ANY_DEAD_LETTER, ids: [id] };
  const shown: Shown[] = [];
  const findIds = async (orderId: bigint) => ledgerIdsOf(await store.findOrderRecord(orderId));
  for await (const rows of findDeadLetters(store, filter, { nowMs: Date.now() })) {
    for (const row of rows) {
      const [payload, actions, state] = await Promise.all([
        store.findPayload(row, row.reason),
        store.findActions(row),
        deadLetterState(store, row, findIds),
      ]);
      shown.push({ row, payload, state, actions: actions.filter(({ reason }) => reason === row.reason) });
    }
  }
  return shown;
};

const textOf = (payload: Uint8Array): string => Buffer.from(payload).toString();

const format = ({ row, state, payload, actions }: Shown): string => {
  const plan = planRedrive(row, payload, actions);
  const size = row.payloadSha256 === undefined ? '' : `, cut; SHA-256 of the whole: ${row.payloadSha256}`;
  return [
    `Dead letter ${row.id} (${row.reason}) is ${state}.`,
    `  ${showText(row.error)}`,
    '',
    ...Object.entries(deadLetterColumns(row))
      .filter(([name]) => !['id', 'reason', 'error', 'payload_sha256'].includes(name))
      .map(
        ([name, value]) => `  ${name.padEnd(17)}  ${value === undefined ? 'unset' : showText(String(value))}`,
      ),
    `  ${'redrive'.padEnd(17)}  ${plan.kind === 'send' ? `possible, to ${plan.topic}` : `not possible: ${plan.why}`}`,
    '',
    `Payload (${row.payloadBytes} bytes${size}):`,
    ...(payload.byteLength === 0 ? ['none'] : textOf(payload).trimEnd().split(/\r?\n/)).map(
      (line) => `  ${showText(line)}`,
    ),
    '',
    ...(actions.length === 0
      ? ['Nobody has done anything with it.']
      : ['What was done:', ...actions.map((action) => `  ${formatAction(action)}`)]),
  ].join('\n');
};

const toJson = ({ row, state, payload, actions }: Shown): string =>
  toJsonLine({
    day: row.day,
    order_id: row.orderId,
    ...deadLetterColumns(row),
    state,
    payload: textOf(payload),
    actions: actions.map(actionColumns),
  });
