import type { Environment } from '../shared/config.ts';
import type { FindingReason } from '../shared/domain/finding.ts';
import { type OpenFinding, openFindings, resolve } from '../shared/operations/resolve.ts';
import { runOperation } from '../shared/operations/runOperation.ts';
import type { OrderRecord } from '../shared/store/auditSource.ts';
import { askToGoOn } from './askToGoOn.ts';
import { operatorOf } from './operatorOf.ts';
import { plural } from './plural.ts';
import { createProgress } from './progress.ts';
import { createRowProgress } from './rowProgress.ts';
import { sayUnclosed } from './sayUnclosed.ts';
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
  /** Only findings that a look has shown, by their `ref`; all when undefined. */
  readonly ref: readonly string[] | undefined;
  readonly because: string;
  readonly yes: boolean;
  readonly json: boolean;
}

/** Not all that was asked for could be resolved: `tally findings resolve` exits 1. */
class NotResolvedError extends Error {
  override readonly name = 'NotResolvedError';
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
      for (const finding of openFindings(record)) {
        if (reason !== undefined && !reason.includes(finding.reason)) continue;
        counts.set(finding.reason, (counts.get(finding.reason) ?? 0) + 1);
        if (lines.length < limit) lines.push(json ? toJson(record.orderId, finding) : format(finding));
      }
    }
  }).catch((error: unknown) => {
    throw error instanceof UnableError ? error : new UnableError('could not look', { cause: error });
  });
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  if (json) {
    for (const line of [...lines, toJsonLine({ total, groups: counts })]) console.log(line);
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

const toJson = (orderId: bigint, { reason, id, ref, sinceMs, error }: OpenFinding): string =>
  toJsonLine({ orderId, reason, id, ref, since: new Date(sinceMs).toISOString(), error });

const format = ({ reason, sinceMs, error }: OpenFinding): string =>
  `  ${reason}, since ${new Date(sinceMs).toISOString()}: ${showText(error)}`;

/**
 * Decides that the findings of orders have been dealt with, as they are listed before it asks. What changes
 * meanwhile stays open.
 * @throws NotResolvedError when there is none, or not all could be resolved; UnableError when it may not, or
 * could not begin; HalfDoneError when the store did not answer any more.
 */
export const resolveCommand = async (options: ResolveOptions, env: Environment): Promise<void> => {
  const { reason, because, yes, json } = options;
  const orderIds = [...new Set(options.orderIds)];
  const filter = `order ${orderIds.join(' or ')}${reason === undefined ? '' : `, reason ${reason}`}`;
  await withOperations(env, { json, writes: true }, async (store) => {
    const records = await Promise.all(orderIds.map((orderId) => store.findOrderRecord(orderId)));
    const seen = records.map((record) => ({ orderId: record.orderId, findings: chosenOf(record, options) }));
    const problems = missingOf(seen, options);
    const total = seen.reduce((sum, { findings }) => sum + findings.length, 0);
    if (total === 0) throw new NotResolvedError(`nothing was resolved: ${problems.join('; ')}`);
    if (!yes) for (const finding of seen.flatMap(({ findings }) => findings)) console.error(format(finding));
    await askToGoOn(`${plural(total, 'finding')} (${filter}) would be resolved.`, yes);
    let done = 0;
    const sayResolved = () => `${plural(done, 'finding')} resolved`;
    const saySoFar = () => (done === 0 ? undefined : sayResolved());
    const deps = { store, clock: Date.now, onUnclosed: sayUnclosed, saySoFar };
    const request = { action: 'findings resolve', operator: operatorOf(env), filter, because };
    await runOperation(deps, request, async (operation) => {
      for (const { orderId, findings } of seen) {
        const refs = findings.map(({ ref }) => ref);
        const resolved = await resolve(deps, { orderId, refs }, operation);
        for (const finding of findings) {
          if (!resolved.some(({ ref }) => ref === finding.ref))
            problems.push(`this changed meanwhile: ${showText(finding.error)}`);
          else console.log(json ? toJson(orderId, finding) : `Resolved: ${format(finding).trim()}`);
        }
        done += resolved.length;
      }
      return { summary: sayResolved() };
    });
    if (problems.length > 0) throw new NotResolvedError(`not all was resolved: ${problems.join('; ')}`);
  });
};

const chosenOf = (record: OrderRecord, { reason, ref: refs }: ResolveOptions): readonly OpenFinding[] =>
  openFindings(record).filter(
    (one) =>
      (reason === undefined || one.reason === reason) && (refs === undefined || refs.includes(one.ref)),
  );

interface SeenFindings {
  readonly orderId: bigint;
  readonly findings: readonly OpenFinding[];
}

/** What was asked for and is not there, in words. */
const missingOf = (seen: readonly SeenFindings[], { ref: refs }: ResolveOptions): string[] =>
  refs === undefined
    ? seen
        .filter(({ findings }) => findings.length === 0)
        .map(({ orderId }) => `order ${orderId} has no finding that nobody has resolved`)
    : refs
        .filter((wanted) => !seen.some(({ findings }) => findings.some(({ ref }) => ref === wanted)))
        .map((wanted) => `no finding "${wanted}" stands: it has changed, is over, or is resolved`);
