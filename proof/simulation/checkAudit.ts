import { audit, type AuditReport } from '../../shared/audit/audit.ts';
import { createCassandraAuditSource } from '../../shared/store/cassandraAuditSource.ts';
import { createCalmClient } from './cassandra/client.ts';
import type { Replica } from './cassandra/replica.ts';
import { countStory } from './countStory.ts';
import type { Story } from './oracle.ts';
import type { Checks } from './world.ts';

/** Runs the real audit on these replicas, and compares its counts with what a person would count. */
export const checkAudit = async (
  replicas: readonly Replica[],
  story: Story,
  { violated, discarded }: Pick<Checks, 'violated' | 'discarded'>,
): Promise<void> => {
  const source = createCassandraAuditSource(createCalmClient(replicas));
  const report = await audit(source, { patienceMs: 0, clock: () => 0 });
  for (const { promise, detail } of report.violations) violated(promise, `the audit says: ${detail}`);

  const { counts, statuses, conflicts, changed, rivals, waiting, invalid } = countStory(story);
  const conflict = Math.max(conflicts.fewest, Math.min(conflicts.most, report.findings.conflict));
  const compare = (what: string, counted: Counts, right: Counts): void => {
    for (const [name, value] of Object.entries(right)) {
      if (counted[name] === value) continue;
      violated('I6', `the audit counts ${what}${name} ${counted[name]}, a person ${value}`);
    }
  };
  compare('', countsIn(report), {
    ...counts,
    // Each thing that is still true has one dead letter, and somebody has to look at it.
    openDeadLetters: invalid - discarded.size + waiting + conflict + changed + rivals,
  });
  compare('orders that are ', report.statuses, statuses);
  compare('findings of ', report.findings, { conflict, changed, rivals, too_many: 0 });
  if (report.deadLetters.invalid !== invalid)
    violated('I6', `the audit counts ${report.deadLetters.invalid} invalid messages, a person ${invalid}`);
};

type Counts = Readonly<Record<string, number>>;

const countsIn = (report: AuditReport): Counts =>
  Object.fromEntries(Object.entries(report).filter(([, value]) => typeof value === 'number'));
