import { nameIn } from '../../shared/topology.ts';
import type { DeploymentConfig } from '../config.ts';
import { auditLines, deadLetterLines, errorLines, outcomeLines } from './logFilters.ts';

export interface LogMetric {
  readonly name: string;
  readonly description: string;
  readonly filter: string;
  /** Label and the field that it is taken from. */
  readonly labels: Readonly<Record<string, string>>;
  /** Undefined: lines are counted. Otherwise the distribution of this field. */
  readonly value?: { readonly field: string; readonly unit: string };
}

const METRIC_IDS = ['outcomes', 'handling', 'deadLetters', 'errors', 'parkedAge'] as const;
export type MetricId = (typeof METRIC_IDS)[number];

/** What the lines of the functions are counted into, for the dashboard. Alerts read the lines themselves. */
export const logMetrics = (config: DeploymentConfig): Readonly<Record<MetricId, LogMetric>> => {
  const name = (metric: string): string => nameIn(config.environment, `tally/${metric}`);
  return {
    outcomes: {
      name: name('outcomes'),
      description: 'Deliveries of messages, by what became of them',
      filter: outcomeLines(config),
      labels: { outcome: 'jsonPayload.outcome' },
    },
    handling: {
      name: name('handling'),
      description: 'How long a delivery was handled',
      filter: outcomeLines(config),
      labels: {},
      value: { field: 'jsonPayload.duration_ms', unit: 'ms' },
    },
    deadLetters: {
      name: name('dead_letters'),
      description: 'Dead letters that onDlq settled; parked and matched ones came before their order',
      filter: deadLetterLines(config, ['parked', 'matched', 'invalid', 'conflict']),
      labels: { outcome: 'jsonPayload.outcome' },
    },
    errors: {
      name: name('errors'),
      description: 'Lines that say that something broke which nobody expected',
      filter: errorLines(config),
      labels: {},
    },
    parkedAge: {
      name: name('parked_age'),
      description:
        'The longest that a payment has waited for its order, of each part that the audit looked at',
      filter: `${auditLines(config)} AND jsonPayload.oldest_parked_seconds>=0`,
      labels: {},
      value: { field: 'jsonPayload.oldest_parked_seconds', unit: 's' },
    },
  };
};
