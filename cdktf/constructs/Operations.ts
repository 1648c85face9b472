import { LoggingMetric } from '@cdktf/provider-google/lib/logging-metric/index.js';
import {
  MonitoringAlertPolicy,
  type MonitoringAlertPolicyConditions,
} from '@cdktf/provider-google/lib/monitoring-alert-policy/index.js';
import { MonitoringDashboard } from '@cdktf/provider-google/lib/monitoring-dashboard/index.js';
import { MonitoringNotificationChannel } from '@cdktf/provider-google/lib/monitoring-notification-channel/index.js';
import type { TerraformResource } from 'cdktf/lib/terraform-resource.js';
import { Construct } from 'constructs';
import { assertNever } from '../../shared/errors.ts';
import { nameIn } from '../../shared/topology.ts';
import type { DeploymentConfig } from '../config.ts';
import { labelsOf } from '../names.ts';
import { type Alert, alertsOf, type Condition } from '../operations/alertsOf.ts';
import { dashboardOf } from '../operations/dashboardOf.ts';
import { type LogMetric, logMetrics } from '../operations/logMetrics.ts';

/** An alert on log lines notifies at most once in this time, even if there are many lines. */
const NOTIFY_EVERY = '3600s';
/** Google closes an alert on log lines after this time without a line. */
const CLOSE_AFTER = '86400s';
const ALIGNMENT = '60s';
/**
 * A percentile is somewhere in a bucket, and each bucket is a tenth wider than the one before. So it is at
 * most 10% off, from one millisecond to a minute and a half. Of the audit's values only the mean is read.
 */
const BUCKETS = { scale: 1, growthFactor: 1.1, numFiniteBuckets: 120 };

/**
 * Google refuses to delete a channel that a policy names, and Terraform would delete it before it changes the
 * policies. `createBeforeDestroy` turns that order round. The rest is for a policy that a person made.
 */
const GOES_LAST = { lifecycle: { createBeforeDestroy: true }, forceDelete: true };

interface OperationsProps {
  readonly config: DeploymentConfig;
  /**
   * The subscriptions and functions whose metrics are watched. Google refuses an alert with a filter on a
   * metric that is not there, and a project has none of them before the first one. An alert on what is not
   * called must not begin before it can be called.
   */
  readonly watched: readonly TerraformResource[];
}

/** The dashboard, the metrics and the alerts for the person on call. */
export class Operations extends Construct {
  readonly #config: DeploymentConfig;
  readonly #watched: readonly TerraformResource[];

  constructor(scope: Construct, id: string, { config, watched }: OperationsProps) {
    super(scope, id);
    this.#config = config;
    this.#watched = watched;
    const metrics = Object.entries(logMetrics(config)).map(([name, metric]) => this.#count(name, metric));
    new MonitoringDashboard(this, 'dashboard', {
      project: config.project,
      dashboardJson: JSON.stringify(dashboardOf(config)),
      dependsOn: metrics,
    });
    const channels = [
      ...config.alerts.notificationChannels,
      ...config.alerts.emails.map((email) => this.#mailTo(email)),
    ];
    for (const alert of alertsOf(config)) this.#alert(alert, channels);
  }

  #count(id: string, { name, description, filter, labels, value }: LogMetric): LoggingMetric {
    const labelNames = Object.keys(labels);
    return new LoggingMetric(this, `metric-${id}`, {
      project: this.#config.project,
      name,
      description,
      filter,
      metricDescriptor: {
        metricKind: 'DELTA',
        valueType: value === undefined ? 'INT64' : 'DISTRIBUTION',
        unit: value?.unit ?? '1',
        ...(labelNames.length === 0
          ? {}
          : { labels: labelNames.map((key) => ({ key, valueType: 'STRING' })) }),
      },
      ...(labelNames.length === 0 ? {} : { labelExtractors: extractorsOf(labels) }),
      ...(value === undefined
        ? {}
        : { valueExtractor: `EXTRACT(${value.field})`, bucketOptions: { exponentialBuckets: BUCKETS } }),
    });
  }

  #mailTo(email: string): string {
    return new MonitoringNotificationChannel(this, `mail-${email}`, {
      project: this.#config.project,
      displayName: nameIn(this.#config.environment, `tally: ${email}`),
      type: 'email',
      labels: { email_address: email },
      userLabels: labelsOf(this.#config),
      ...GOES_LAST,
    }).id;
  }

  #alert({ id, title, severity, section, says, condition }: Alert, channels: string[]): void {
    const { project, environment, alerts } = this.#config;
    const displayName = `${nameIn(environment, 'tally')}: ${title}`;
    new MonitoringAlertPolicy(this, `alert-${id}`, {
      project,
      displayName,
      severity,
      combiner: 'OR',
      userLabels: labelsOf(this.#config),
      notificationChannels: channels,
      documentation: {
        mimeType: 'text/markdown',
        content: `${says}\n\nWhat to do: ${alerts.runbookUrl}#${section}`,
      },
      conditions: [toCondition(displayName, condition)],
      ...(condition.kind === 'line'
        ? { alertStrategy: { notificationRateLimit: { period: NOTIFY_EVERY }, autoClose: CLOSE_AFTER } }
        : { dependsOn: [...this.#watched] }),
    });
  }
}

const extractorsOf = (labels: LogMetric['labels']): Record<string, string> =>
  Object.fromEntries(Object.entries(labels).map(([label, field]) => [label, `EXTRACT(${field})`]));

const toCondition = (displayName: string, condition: Condition): MonitoringAlertPolicyConditions => {
  switch (condition.kind) {
    case 'line':
      return { displayName, conditionMatchedLog: { filter: condition.filter } };
    case 'above':
      return {
        displayName,
        conditionThreshold: {
          filter: condition.filter,
          comparison: 'COMPARISON_GT',
          thresholdValue: condition.threshold,
          duration: `${condition.forSeconds}s`,
          aggregations: [
            {
              alignmentPeriod: ALIGNMENT,
              perSeriesAligner: condition.aligner,
              crossSeriesReducer: condition.aligner === 'ALIGN_MAX' ? 'REDUCE_MAX' : 'REDUCE_SUM',
              groupByFields: [...condition.groupBy],
            },
          ],
        },
      };
    case 'query':
      return {
        displayName,
        conditionPrometheusQueryLanguage: {
          query: condition.query,
          duration: `${condition.forSeconds}s`,
          evaluationInterval: ALIGNMENT,
          disableMetricValidation: true,
        },
      };
    default:
      return assertNever(condition);
  }
};
