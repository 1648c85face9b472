import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import * as z from 'zod';
import type { Environment } from '../shared/config.ts';
import { parseId } from '../shared/messaging/parseId.ts';
import { healAndLook, type LookedAfter } from '../shared/operations/healAndLook.ts';
import { runOperation } from '../shared/operations/runOperation.ts';
import { sayHealed } from '../shared/operations/sayHealed.ts';
import { askToGoOn } from './askToGoOn.ts';
import { operatorOf } from './operatorOf.ts';
import { toTime } from './orderColumns.ts';
import { plural } from './plural.ts';
import { sayUnclosed } from './sayUnclosed.ts';
import { toJsonLine } from './toJsonLine.ts';
import { UnableError } from './unableError.ts';
import { InterruptedError, waitForInterrupt } from './waitForInterrupt.ts';
import { withOperations } from './withOperations.ts';

interface HealOptions {
  readonly orderIds: readonly bigint[];
  /** The path of what `tally audit --json` printed; `-` is standard input. */
  readonly audit: string | undefined;
  readonly yes: boolean;
  readonly json: boolean;
}

/** No table knows an order that was typed: `tally heal` exits 1. The others are healed. */
class NothingToHealError extends Error {
  override readonly name = 'NothingToHealError';
}

/** After the heal an order was still broken: `tally heal` exits 1. */
class NotHealedError extends Error {
  override readonly name = 'NotHealedError';
}

/**
 * Folds orders again, and writes what is missing. It may run beside everything, and again.
 * @throws NotHealedError when an order is still broken; NothingToHealError when an order is unknown;
 * UnableError when it may not, or could not begin; InterruptedError when a signal stopped it; HalfDoneError
 * when the store did not answer any more.
 */
export const healCommand = async (options: HealOptions, env: Environment): Promise<void> => {
  const { yes, json } = options;
  const listed = options.audit === undefined ? [] : await readAudit(options.audit);
  const orderIds = [...new Set([...options.orderIds, ...listed.flatMap((id) => parseId(id) ?? [])])];
  if (orderIds.length + listed.length === 0) {
    if (options.audit === undefined)
      throw new UnableError('name at least one order, or an audit with --audit');
    console.log(json ? toJsonLine({ healed: 0 }) : 'The audit names no order: there is nothing to heal.');
    return;
  }
  // An audit names what others have written, too: an id of theirs may be negative.
  const foreign = listed.filter((id) => parseId(id) === undefined);
  for (const id of new Set(foreign))
    console.log(
      json ? toJsonLine({ orderId: id, isKnown: false, left: [FOREIGN] }) : `Order ${id}: ${FOREIGN}`,
    );
  if (orderIds.length === 0) throw new NotHealedError(sayBroken(foreign));
  await withOperations(env, { json, writes: true }, async (store) => {
    await askToGoOn(`${plural(orderIds.length, 'order')} would be folded again.`, yes);
    const stop = waitForInterrupt();
    let isStopped = false;
    void stop.interrupted.then(() => (isStopped = true));
    let [healed, known] = [0, 0];
    const sayFolded = () => `${plural(known, 'order')} folded again`;
    const saySoFar = () => (healed === 0 ? undefined : sayFolded());
    const deps = { store, clock: Date.now, onUnclosed: sayUnclosed, saySoFar };
    const filter = `${plural(orderIds.length, 'order')}: ${sayFirst(orderIds)}`;
    const request = { action: 'heal', operator: operatorOf(env), filter, because: '' };
    const unknown: bigint[] = [];
    const broken = new Set(foreign);
    await runOperation(deps, request, async (operation) => {
      for (const orderId of orderIds) {
        if (isStopped) break;
        const result = await healAndLook(deps, orderId, operation);
        console.log(json ? toJson(orderId, result) : sayHealed(orderId, result));
        // An audit names orders whose events are all gone. That is no slip of who typed the command.
        if (!result.isKnown && options.orderIds.includes(orderId)) unknown.push(orderId);
        if (result.isKnown) known += 1;
        if (result.left.length > 0) broken.add(String(orderId));
        healed += 1;
      }
      return { summary: sayFolded() };
    });
    if (healed < orderIds.length) throw new InterruptedError(`stopped after ${plural(healed, 'order')}`);
    if (unknown.length > 0) throw new NothingToHealError(`no table knows order ${unknown.join(' or ')}`);
    if (broken.size > 0) throw new NotHealedError(sayBroken([...broken]));
  });
};

const FOREIGN = 'somebody else wrote its row, because no order of Tally has such an id';

const sayBroken = (orderIds: readonly string[]): string =>
  `still broken: ${plural(orderIds.length, 'order')}: ${sayFirst(orderIds)}. What the audit says of them names the cause`;

/** So many orders are named, in the history and in an error. */
const NAMED_MAX = 20;

const sayFirst = (orderIds: readonly unknown[]): string =>
  orderIds.slice(0, NAMED_MAX).join(', ') + (orderIds.length > NAMED_MAX ? ', …' : '');

const toJson = (orderId: bigint, { told, ...result }: LookedAfter): string =>
  toJsonLine({
    orderId,
    ...result,
    told: told.map(({ sinceMs, ...report }) => ({ ...report, since: toTime(sinceMs) })),
  });

const violations = z.array(
  z.object({
    order_id: z
      .string()
      .regex(/^-?\d{1,19}$/)
      .nullish(),
  }),
);
const auditSchema = z.object({ violation_details: violations, suspected_details: violations });

/** The orders that an audit found broken, or in progress, each perhaps twice. */
const readAudit = async (path: string): Promise<readonly string[]> => {
  try {
    const json = path === '-' ? await text(process.stdin) : await readFile(path, 'utf8');
    if (json.trim() === '')
      throw new Error('it is empty, because the audit could not look. Its error says why');
    const audit = auditSchema.parse(JSON.parse(json));
    return [...audit.violation_details, ...audit.suspected_details].flatMap(({ order_id }) =>
      order_id == null ? [] : [order_id],
    );
  } catch (error) {
    throw new UnableError(`--audit ${path}: expected what "tally audit --json" prints`, { cause: error });
  }
};
