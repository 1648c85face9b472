import * as z from 'zod';
import { jsonOf } from './jsonOf.ts';

const outcomeSchema = z.object({
  message: z.literal('message settled'),
  settlement: z.enum(['ack', 'retry', 'reject']),
  outcome: z.string(),
  findings: z.array(z.string()),
  origin_topic: z.enum(['orders_data', 'payments_data']),
  event_id: z.string(),
  message_id: z.string(),
});

interface SettlementCounts {
  /** How many different messages `onOrder` and `onPayment` have acked, with those that they dead-lettered. */
  readonly inputs: number;
  /** How many different events they have dead-lettered. */
  readonly deadLettered: number;
  /** How many of these dead letters `onDlq` has settled. */
  readonly deadLettersSettled: number;
}

export interface SettlementWatch {
  readonly onLine: (name: string, line: string) => void;
  readonly counts: () => SettlementCounts;
}

/**
 * Counts, from the log lines of the functions, what they have settled. A caller can wait for such a count.
 */
export const createSettlementWatch = (): SettlementWatch => {
  const inputs = new Set<string>();
  const deadLettered = new Set<string>();
  const settledByDlq = new Set<string>();
  return {
    onLine: (name, line) => {
      const outcome = parseOutcome(line);
      if (outcome === undefined || outcome.settlement === 'retry') return;
      if (name === 'onDlq') {
        settledByDlq.add(outcome.event_id);
        return;
      }
      inputs.add(`${outcome.origin_topic}/${outcome.message_id}`);
      if (isTold(outcome)) deadLettered.add(outcome.event_id);
    },
    counts: () => ({
      inputs: inputs.size,
      deadLettered: deadLettered.size,
      deadLettersSettled: deadLettered.intersection(settledByDlq).size,
    }),
  };
};

type Outcome = z.infer<typeof outcomeSchema>;

/** Whether a dead letter was published: it is invalid, it waits for its order, or it shows a finding. */
const isTold = ({ settlement, outcome, findings }: Outcome): boolean =>
  settlement === 'reject' || outcome === 'parked' || findings.length > 0;

const parseOutcome = (line: string): Outcome | undefined =>
  line.startsWith('{') ? outcomeSchema.safeParse(jsonOf(line)).data : undefined;
