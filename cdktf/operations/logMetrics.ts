import { nameIn } from '../../shared/topology.ts';
import type { DeploymentConfig } from '../config.ts';
import type { DeadLetterReason } from '../../shared/domain/deadLetter.ts';
import type { FindingReason } from '../../shared/domain/finding.ts';
import {
  auditLines,
  deadLetterLines,
  errorLines,
  findingLines,
  maskedLines,
  outcomeLines,
} from './logFilters.ts';

export interface LogMetric {
  readonly name: string;
  readonly description: string;
  readonly filter: string;
  /** The name of each label and the field of the line that has its value. */
  readonly labels: Readonly<Record<string, string>>;
  /** The metric is the distribution of this field. Without it, the metric counts lines. */
  readonly value?: { readonly field: string; readonly unit: string };
}

export type MetricId =
  | 'outcomes'
  | 'handling'
  | 'masked'
  | 'errors'
  | 'parkedAge'
  | 'suspected'
  | 'passAge'
  | FindingReason
  | DeadLetterMetricId;

type DeadLetterMetricId = `dead_letters_${DeadLetterReason}`;

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
      // It is null where a message waited too long in the worker, and nothing handled it.
      filter: `${outcomeLines(config)} AND jsonPayload.duration_ms>=0`,
      labels: {},
      value: { field: 'jsonPayload.duration_ms', unit: 'ms' },
    },
    masked: {
      name: name('masked'),
      description: 'Deliveries of messages in which card numbers are masked, by topic',
      filter: maskedLines(config),
      labels: { origin_topic: 'jsonPayload.origin_topic' },
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
    suspected: {
      name: name('suspected'),
      description: 'What each part of the audit found broken or in progress',
      // A line about what a second look found broken says nothing of a part.
      filter: `${auditLines(config)} AND jsonPayload.violations=0`,
      labels: {},
      value: { field: 'jsonPayload.suspected', unit: '1' },
    },
    passAge: {
      name: name('pass_age'),
      description: 'How long the current pass of the audit has been running',
      filter: auditLines(config),
      labels: {},
      value: { field: 'jsonPayload.pass_seconds', unit: 's' },
    },
    ...findingMetrics(config, name),
    ...deadLetterMetrics(config, name),
  };
};

/** A metric for each finding, because a label cannot be one element of a list. */
const findingMetrics = (
  config: DeploymentConfig,
  name: (metric: string) => string,
): Readonly<Record<FindingReason, LogMetric>> => {
  const metricOf = (reason: FindingReason): LogMetric => ({
    name: name(`findings_${reason}`),
    description: `Messages that told the finding ${reason}`,
    filter: findingLines(config, reason),
    labels: {},
  });
  return {
    conflict: metricOf('conflict'),
    changed: metricOf('changed'),
    rivals: metricOf('rivals'),
    too_many: metricOf('too_many'),
  };
};

/** A metric for each reason, because one message may have several. */
const deadLetterMetrics = (
  config: DeploymentConfig,
  name: (metric: string) => string,
): Readonly<Record<DeadLetterMetricId, LogMetric>> => {
  const metricOf = (reason: DeadLetterReason): LogMetric => ({
    name: name(`dead_letters_${reason}`),
    description: `Messages of which onDlq recorded a dead letter ${reason}`,
    filter: deadLetterLines(config, reason),
    labels: {},
  });
  return {
    dead_letters_invalid: metricOf('invalid'),
    dead_letters_unmatched: metricOf('unmatched'),
    dead_letters_conflict: metricOf('conflict'),
    dead_letters_changed: metricOf('changed'),
    dead_letters_rivals: metricOf('rivals'),
    dead_letters_too_many: metricOf('too_many'),
  };
};
