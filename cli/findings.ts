import type { Environment } from '../shared/config.ts';
import { FINDING_REASONS, type FindingReason } from '../shared/domain/finding.ts';
import type { Report } from '../shared/domain/deadLetter.ts';
import { openFindings, resolve } from '../shared/operations/resolve.ts';
import { runOperation } from '../shared/operations/runOperation.ts';
import { askToGoOn } from './askToGoOn.ts';
import { operatorOf } from './operatorOf.ts';
import { plural } from './plural.ts';
import { createProgress } from './progress.ts';
import { createRowProgress } from './rowProgress.ts';
import { showText } from './showText.ts';
import { toJsonLine } from './toJsonLine.ts';
import { UnableError } from './unableError.ts';
import { withOperations } from './withOperations.ts';

interface FindingsOptions {
  readonly reason: readonly FindingReason[] | undefined;
  readonly limit: number;
  readonly json: boolean;
}

interface ResolveOptions {
  readonly orderIds: readonly bigint[];
  readonly reason: FindingReason | undefined;
  readonly because: string;
  readonly yes: boolean;
  readonly json: boolean;
}

/** There was nothing to resolve: `tally findings resolve` exits 1. */
class NothingToResolveError extends Error {
  override readonly name = 'NothingToResolveError';
}

/**
 * Lists the findings that stand and that nobody has resolved. All orders are read.
 * @throws UnableError when it could not look.
 */
export const findingsCommand = async (options: FindingsOptions, env: Environment): Promise<void> => {
  const { reason, limit, json } = options;
  const counts = new Map<FindingReason, number>();
  const lines: string[] = [];
  await withOperations(env, { json }, async (store) => {
    const onProgress = createRowProgress(createProgress(json ? 'json' : 'text'), 'Orders');
    let orders = 0;
    for await (const record of store.scanOrders()) {
      orders += 1;
      onProgress(orders);
      for (const report of openFindings(record)) {
        const known = FINDING_REASONS.find((one) => one === report.reason);
        if (known === undefined || (reason !== undefined && !reason.includes(known))) continue;
        counts.set(known, (counts.get(known) ?? 0) + 1);
        if (lines.length < limit) lines.push(json ? toJson(record.orderId, report) : format(report));
      }
    }
  }).catch((error: unknown) => {
    throw error instanceof UnableError ? error : new UnableError('could not look', { cause: error });
  });
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  if (json) {
    for (const line of [...lines, toJsonLine({ total, groups: Object.fromEntries(counts) })])
      console.log(line);
    return;
  }
  console.log(
    [
      total === 0 ? 'No finding stands.' : `${plural(total, 'finding stands', 'findings stand')}:`,
      ...[...counts].map(([name, count]) => `${String(count).padStart(8)}  ${name}`),
      ...lines,
      ...(total > lines.length ? [`  and ${total - lines.length} more: raise --limit`] : []),
    ].join('\n'),
  );
};

const toJson = (orderId: bigint, { reason, id, sinceMs, error }: Report): string =>
  toJsonLine({ order_id: orderId, reason, id, since: new Date(sinceMs).toISOString(), error });

const format = ({ reason, sinceMs, error }: Report): string =>
  `  ${reason}, since ${new Date(sinceMs).toISOString()}: ${showText(error)}`;

/**
 * Decides that the findings of orders have been dealt with.
 * @throws NothingToResolveError when there is none; UnableError when it may not, or could not begin.
 */
export const resolveCommand = async (options: ResolveOptions, env: Environment): Promise<void> => {
  const { orderIds, reason, because, yes, json } = options;
  const filter = `order ${orderIds.join(' or ')}${reason === undefined ? '' : `, reason ${reason}`}`;
  await withOperations(env, { json, writes: true }, async (store) => {
    await askToGoOn(`Findings would be resolved: ${filter}.`, yes);
    const request = { action: 'findings resolve', operator: operatorOf(env), filter, because };
    const { resolved } = await runOperation({ store, clock: Date.now }, request, async (operation) => {
      const all: Report[] = [];
      for (const orderId of orderIds) {
        const some = await resolve({ store, clock: Date.now }, { orderId, reason }, operation);
        for (const report of some)
          console.log(json ? toJson(orderId, report) : `Resolved: ${format(report).trim()}`);
        all.push(...some);
      }
      return { resolved: all.length, summary: `${plural(all.length, 'finding')} resolved` };
    });
    if (resolved === 0)
      throw new NothingToResolveError(`${filter}: no finding stands that nobody has resolved`);
  });
};
