import { audit } from '../../shared/audit/audit.ts';
import { createCassandraAuditSource } from '../../shared/store/cassandraAuditSource.ts';
import { createCalmClient } from './cassandra/client.ts';
import type { Replica } from './cassandra/replica.ts';
import { lastWords, paymentsToShow, type Story } from './oracle.ts';
import type { Checks } from './world.ts';

/** Runs the real audit on these replicas, and compares its counts with what a person would count. */
export const checkAudit = async (
  replicas: readonly Replica[],
  { orders, messages }: Story,
  violated: Checks['violated'],
): Promise<void> => {
  const source = createCassandraAuditSource(createCalmClient(replicas));
  const report = await audit(source, { patienceMs: 0, clock: () => 0 });
  for (const { promise, detail } of report.violations) violated(promise, `the audit says: ${detail}`);

  const all = [...orders.values()];
  const here = all.filter(({ versions }) => versions.length > 0);
  const paymentsOf = (some: typeof all): number =>
    some.reduce((sum, order) => sum + lastWords(order).length, 0);
  const isPaid = (order: (typeof all)[number]): boolean =>
    paymentsToShow(order)[0]?.said.means === 'succeeded';
  const right = {
    orders: here.length,
    paid: here.filter(isPaid).length,
    payments: paymentsOf(all),
    parked: paymentsOf(all.filter(({ versions }) => versions.length === 0)),
  };
  for (const [name, value] of Object.entries(right)) {
    const counted = report[name as keyof typeof right];
    if (counted !== value) violated('I6', `the audit counts ${name} ${counted}, a person ${value}`);
  }
  const invalid = messages.filter(({ said }) => said.kind === 'invalid').length;
  if (report.deadLetters.invalid !== invalid)
    violated('I6', `the audit counts ${report.deadLetters.invalid} invalid messages, a person ${invalid}`);
};
