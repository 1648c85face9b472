import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { answerChunks } from '../../../functions/simulate/answerChunks.ts';
import { createWorkload } from '../../../functions/simulate/createWorkload.ts';
import { parseRequest } from '../../../functions/simulate/parseRequest.ts';
import { publishRun } from '../../../functions/simulate/publishRun.ts';
import type { ConsumeKind } from '../../../local/consumeKinds.ts';
import { audit, type AuditReport } from '../../../shared/audit/audit.ts';
import { parseExpectation } from '../../../shared/audit/expectation.ts';
import { createPublisher } from '../../../shared/messaging/publisher.ts';
import type { DeadLetterRow, OrderRecord } from '../../../shared/store/auditSource.ts';
import { hasCassandra } from '../cassandra/testKeyspace.ts';
import { setUpIntegration } from './integration.ts';

/** On a busy machine a thousand orders in one go take long to confirm. */
const PUBLISH_TIMEOUT_MS = 120_000;

const VERSIONS = { preset: 'shop', unpaid: 1, versions: 1, versionsPerOrder: 3 };

/** A share of everything that a real shop does, and some faults. */
const FLOWS = {
  versions: 0.3,
  guests: 0.2,
  cardless: 0.2,
  doublePaid: 0.2,
  statusMoves: 0.1,
  declinedFirst: 0.1,
  changed: 0.1,
  refunds: 0.1,
  refundsApart: 0.1,
  giftCards: 0.1,
  webhooks: 0.1,
};

const AS_EXPECTED = { violationCount: 0, expectation: { lost: 0, unmet: [] } };

/** What became of the orders of one run. Other runs share the tables. */
interface Run {
  readonly report: AuditReport;
  readonly records: readonly OrderRecord[];
  readonly told: readonly DeadLetterRow[];
}

/**
 * The simulator's traffic through the functions to Cassandra, compared with what it expects.
 * @param orders how many orders each run of a shop has.
 * @param hasReference runs the reference too, which has more than a thousand messages.
 * @param consume how the functions get it.
 */
export const describeTraffic = (
  orders: number,
  hasReference: boolean,
  consume: ConsumeKind = 'push',
): void => {
  describe.skipIf(!hasCassandra)(`the traffic of a real shop by ${consume}`, { timeout: 600_000 }, () => {
    const { start, source } = setUpIntegration();
    let lastSeed = 0;

    it.for([0, 100, 240_000])(
      'shows the newest version of every order, and tells nothing, with a producer’s clock %i ms ahead',
      async (clockAheadMs) => {
        const { report, records, told } = await run({ ...VERSIONS, orders, occurredAt: true, clockAheadMs });

        expect(records.filter(({ fact }) => fact?.order.quantity === 3n)).toHaveLength(orders);
        expect(records.every(({ ledger }) => ledger.length === 3)).toBe(true);
        expect(told).toEqual([]);
        expect(report).toMatchObject(AS_EXPECTED);
      },
    );

    it('tells of every order whose versions share a request and do not say when they happened', async () => {
      const { report, records, told } = await run({ ...VERSIONS, orders });

      const times = records.map(({ ledger }) => new Set(ledger.map(({ atMs }) => atMs)).size);
      expect(times).toEqual(Array.from({ length: orders }, () => 1));
      expect(told.map(({ reason }) => reason)).toEqual(Array.from({ length: orders }, () => 'rivals'));
      expect(new Set(told.map(({ orderId }) => orderId)).size).toBe(orders);
      expect(report).toMatchObject(AS_EXPECTED);
    });

    it.for([false, true])(
      'ends as the simulator expects, with all that shops do, and occurred_at: %s',
      async (occurredAt) => {
        const faults = { early: 0.3, missing: 0.1, unpaid: 0.1, duplicates: 0.2, malformed: 0.1 };

        const { report, told } = await run({ preset: 'shop', orders, ...faults, ...FLOWS, occurredAt });

        expect(report).toMatchObject(AS_EXPECTED);
        const reasons = new Set(told.map(({ reason }) => reason));
        expect([...reasons].toSorted()).toEqual(
          ['changed', 'conflict', ...(occurredAt ? [] : ['rivals']), 'unmatched'].toSorted(),
        );
      },
    );

    it.runIf(hasReference)('ends as the simulator expects when the reference does the same', async () => {
      const { report, records } = await run({ scenario: 'C', timeScale: 0, ...FLOWS });

      expect(report).toMatchObject(AS_EXPECTED);
      expect(records.filter(({ fact }) => fact !== undefined)).toHaveLength(80);
    });

    /** Publishes the traffic of a request, waits until all of it is settled, and looks at its orders. */
    const run = async (request: object): Promise<Run> => {
      lastSeed += 1;
      const seed = lastSeed;
      const pipeline = await start({ consume });
      const publisher = createPublisher(
        { projectId: pipeline.projectId, environment: undefined },
        PUBLISH_TIMEOUT_MS,
      );
      const parsed = parseRequest('POST', Buffer.from(JSON.stringify(request)), () => seed);
      const { slots, expected } = await createWorkload(parsed, Date.now());
      const clock = () => performance.now();
      const sleep = (durationMs: number) => delay(durationMs);
      const result = await publishRun({ publisher, clock, sleep }, slots(), new AbortController().signal);
      await publisher.close();
      expect(result.failures).toEqual([]);
      const { order, payment, malformed } = result.published;
      await pipeline.untilSettled(order + payment + malformed, 300_000);

      const answer = [...answerChunks({ runId: 'run', request: parsed, result, expected })].join('');
      const expectation = parseExpectation(answer);
      const { matched, parked, unpaid } = expectation;
      const orderIds = new Set([...[...matched, ...parked].map(({ order_id }) => order_id), ...unpaid]);
      const isOwn = ({ orderId }: { readonly orderId: bigint | undefined }): boolean =>
        orderId !== undefined && orderIds.has(orderId);
      return {
        report: await audit(source(), { expectation }),
        records: (await Array.fromAsync(source().scanOrders())).filter(isOwn),
        told: (await Array.fromAsync(source().scanDeadLetters()))
          .filter(isOwn)
          .filter(({ reason }) => reason !== 'invalid'),
      };
    };
  });
};
