import { nameIn } from '../../shared/topology.ts';
import type { DeploymentConfig } from '../config.ts';
import { auditLines, deadLetterLines, errorLines, outcomeLines } from './logFilters.ts';

export interface LogMetric {
  readonly name: string;
  readonly description: string;
  readonly filter: string;
  /** The name of each label and the field of the line that has its value. */
  readonly labels: Readonly<Record<string, string>>;
  /** The metric is the distribution of this field. Without it, the metric counts lines. */
  readonly value?: { readonly field: string; readonly unit: string };
}

export type MetricId = 'outcomes' | 'handling' | 'deadLetters' | 'errors' | 'parkedAge';

/** The metrics that Google makes from log lines for the dashboard. Alerts read the lines directly. */
export const logMetrics = (config: DeploymentConfig): Readonly<Record<MetricId, LogMetric>> => {
  const name = (metric: string): string => nameIn(config.environment, `tally/${metric}`);
  return {
    outcomes: {
      name: name('outcomes'),
      description: 'Deliveries of messages, by outcome',
      filter: outcomeLines(config),
      labels: { outcome: 'jsonPayload.outcome' },
    },
    handling: {
      name: name('handling'),
      description: 'How long a consumer handled a delivery',
      filter: outcomeLines(config),
      labels: {},
      value: { field: 'jsonPayload.duration_ms', unit: 'ms' },
    },
    deadLetters: {
      name: name('dead_letters'),
      description:
        'Dead letters that onDlq settled, by outcome. Parked and matched payments came before their order',
      filter: deadLetterLines(config, ['parked', 'matched', 'invalid', 'conflict']),
      labels: { outcome: 'jsonPayload.outcome' },
    },
    errors: {
      name: name('errors'),
      description: 'Log lines with unexpected errors',
      filter: errorLines(config),
      labels: {},
    },
    parkedAge: {
      name: name('parked_age'),
      description: 'How long the oldest parked payment has waited for its order, in each part of the audit',
      filter: `${auditLines(config)} AND jsonPayload.oldest_parked_seconds>=0`,
      labels: {},
      value: { field: 'jsonPayload.oldest_parked_seconds', unit: 's' },
    },
  };
};
