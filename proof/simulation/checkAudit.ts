import { createHash } from 'node:crypto';
import { type AuditReport, audit } from '../../shared/audit/audit.ts';
import type { Expectation } from '../../shared/audit/expectation.ts';
import { createCassandraAuditSource } from '../../shared/store/cassandraAuditSource.ts';
import { createCalmClient } from './cassandra/client.ts';
import type { Replica } from './cassandra/replica.ts';
import type { Expected, ExpectedEvent, ExpectedOrder } from './oracle.ts';
import type { Checks } from './world.ts';
import type { InvariantName } from './violation.ts';

/** Runs the real audit on these replicas, and compares its report with the oracle. */
export const checkAudit = async (
  replicas: readonly Replica[],
  expected: Expected,
  { violated }: Checks,
): Promise<void> => {
  const source = createCassandraAuditSource(createCalmClient(replicas));
  const report = await audit(source, { expectation: expectationOf(expected), patienceMs: 0, clock: () => 0 });
  for (const { invariant, detail } of report.violations) violated(invariant, `the audit says: ${detail}`);
  for (const sentence of report.expectation?.unmet ?? []) violated('I1', `the audit says: ${sentence}`);

  const found = findingsOf(report);
  const right = rightFindings(expected);
  for (const [name, value] of Object.entries(right)) {
    const invariant: InvariantName = name.startsWith('conflict') || name.startsWith('changed') ? 'I6' : 'I4';
    if (found[name] !== value)
      violated(invariant, `the audit finds ${name} ${found[name]}, expected ${value}`);
  }
};

type Findings = Readonly<Record<string, string>>;

const findingsOf = (report: AuditReport): Findings => ({
  orders: String(report.orders),
  paid: String(report.paid),
  payments: String(report.payments),
  parked: String(report.parked),
  'conflicting orders': [...report.conflictOrderIds].toSorted(byValue).join(),
  'changed payments': report.changedPayments
    .map(({ orderId, paymentId }) => `${orderId}/${paymentId}`)
    .toSorted()
    .join(),
  repeats: String(report.repeats),
  'open dead letters': String(report.openDeadLetters),
  'invalid dead letters': String(report.deadLetters.invalid),
});

const rightFindings = ({ events, orders }: Expected): Findings => {
  const all = [...orders.values()];
  const here = all.filter((order) => order.orders.length > 0);
  const waiting = all.filter((order) => order.orders.length === 0);
  const changed = all.flatMap((order) =>
    [...byPayment(order)]
      .filter(([, contents]) => distinct(contents) > 1)
      .map(([id]) => `${order.orderId}/${id}`),
  );
  const repeats = all.flatMap((order) =>
    [...byPayment(order).values()].map((contents) => contents.length - distinct(contents)),
  );
  return {
    orders: String(here.length),
    paid: String(here.filter(({ payments }) => payments.length > 0).length),
    payments: String(sum(all.map((order) => byPayment(order).size))),
    parked: String(sum(waiting.map((order) => byPayment(order).size))),
    'conflicting orders': all
      .filter((order) => byPayment(order).size > 1)
      .map(({ orderId }) => orderId)
      .toSorted(byValue)
      .join(),
    'changed payments': changed.toSorted().join(),
    repeats: String(sum(repeats)),
    'open dead letters': String(sum(waiting.map(({ payments }) => payments.length))),
    'invalid dead letters': String(
      [...events.values()].filter(({ content }) => content.kind === 'invalid').length,
    ),
  };
};

const byPayment = ({ payments }: ExpectedOrder): Map<bigint, ExpectedEvent[]> =>
  Map.groupBy(payments, ({ content }) => (content.kind === 'payment' ? content.paymentId : -1n));

const distinct = (events: readonly ExpectedEvent[]): number => new Set(events.map(contentKey)).size;

const contentKey = ({ content }: ExpectedEvent): string =>
  content.kind === 'payment' ? Object.values(content.columns).map(String).join('\n') : '';

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);

const byValue = (a: bigint, b: bigint): number => (a < b ? -1 : a > b ? 1 : 0);

const expectationOf = ({ events, orders }: Expected): Expectation => {
  const all = [...orders.values()];
  const pairs = (some: readonly ExpectedOrder[]) =>
    some.flatMap((order) =>
      [...byPayment(order).keys()].map((paymentId) => ({ order_id: order.orderId, payment_id: paymentId })),
    );
  return {
    matched: pairs(all.filter((order) => order.orders.length > 0)),
    parked: pairs(all.filter((order) => order.orders.length === 0)),
    unpaid: all.filter(({ payments }) => payments.length === 0).map(({ orderId }) => orderId),
    conflicts: all.filter((order) => byPayment(order).size > 1).map(({ orderId }) => orderId),
    invalid: [...events.values()]
      .filter(({ content }) => content.kind === 'invalid')
      .map(({ body }) => createHash('sha256').update(body).digest('hex')),
  };
};
