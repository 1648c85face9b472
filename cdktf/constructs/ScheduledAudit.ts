import { CloudSchedulerJob } from '@cdktf/provider-google/lib/cloud-scheduler-job/index.js';
import { ServiceAccount } from '@cdktf/provider-google/lib/service-account/index.js';
import { Construct } from 'constructs';
import { AUDIT_MEMORY } from '../limits.ts';
import { accountId, auditJobName } from '../names.ts';
import type { CassandraAccess } from './CassandraAccess.ts';
import { FunctionService, type Platform } from './FunctionService.ts';
import { AUDIT_TIMEOUT_SECONDS } from '../../shared/deadlines.ts';

/** Every ten minutes. A call takes less, see `AUDIT_TIMEOUT_SECONDS`. */
const SCHEDULE = '*/10 * * * *';

/**
 * The provider has panicked when Cloud Scheduler answered with no header at all, so there is one. The
 * scheduler adds headers to it, which the plan ignores.
 */
const HEADERS = { Accept: 'application/json' };

interface ScheduledAuditProps {
  readonly platform: Platform;
  readonly cassandra: CassandraAccess;
}

/** The audit and the Cloud Scheduler job that calls it. Only the account of this job may call it. */
export class ScheduledAudit extends Construct {
  readonly service: FunctionService;

  constructor(scope: Construct, id: string, { platform, cassandra }: ScheduledAuditProps) {
    super(scope, id);
    const { config } = platform;
    this.service = new FunctionService(this, 'service', {
      ...platform,
      name: 'audit',
      description: 'Tally: looks for broken promises in the next part of the tables',
      ingress: 'internal',
      timeoutSeconds: AUDIT_TIMEOUT_SECONDS,
      memory: AUDIT_MEMORY,
      minInstances: 0,
      // Two calls at a time would audit the same rows.
      maxInstances: 1,
      concurrency: 1,
    });
    cassandra.grantConnect(this.service);
    const scheduler = new ServiceAccount(this, 'scheduler', {
      project: config.project,
      accountId: accountId(config, 'scheduler'),
      displayName: 'Tally: calls the audit',
    });
    const invoker = this.service.grantInvoke('scheduler', scheduler.member);
    new CloudSchedulerJob(this, 'job', {
      project: config.project,
      region: config.region,
      name: auditJobName(config),
      description: 'Tally: calls the audit, which continues where it stopped',
      schedule: SCHEDULE,
      timeZone: 'Etc/UTC',
      attemptDeadline: `${AUDIT_TIMEOUT_SECONDS}s`,
      // A retry is not needed, because the next call starts where this one stopped.
      retryConfig: { retryCount: 0 },
      httpTarget: {
        uri: this.service.url,
        httpMethod: 'POST',
        headers: HEADERS,
        oidcToken: { serviceAccountEmail: scheduler.email, audience: this.service.url },
      },
      lifecycle: { ignoreChanges: ['http_target[0].headers'] },
      // A call that comes before the grant is refused, and somebody gets an alert.
      dependsOn: [invoker],
    });
  }
}
