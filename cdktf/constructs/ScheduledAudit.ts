import { CloudSchedulerJob } from '@cdktf/provider-google/lib/cloud-scheduler-job/index.js';
import { ServiceAccount } from '@cdktf/provider-google/lib/service-account/index.js';
import { Construct } from 'constructs';
import { AUDIT_MEMORY } from '../limits.ts';
import { accountId, auditJobName } from '../names.ts';
import type { CassandraAccess } from './CassandraAccess.ts';
import { FunctionService, type Platform } from './FunctionService.ts';
import { AUDIT_TIMEOUT_SECONDS } from '../../shared/deadlines.ts';

/** Every ten minutes, which is longer than a call may take. */
const SCHEDULE = '*/10 * * * *';

interface ScheduledAuditProps {
  readonly platform: Platform;
  readonly cassandra: CassandraAccess;
}

/** The audit, called by Cloud Scheduler under a name of its own, and by nobody else. */
export class ScheduledAudit extends Construct {
  readonly service: FunctionService;

  constructor(scope: Construct, id: string, { platform, cassandra }: ScheduledAuditProps) {
    super(scope, id);
    const { config } = platform;
    this.service = new FunctionService(this, 'service', {
      ...platform,
      name: 'audit',
      description: 'Tally: looks for broken promises, a part of the tables a call',
      ingress: 'internal',
      timeoutSeconds: AUDIT_TIMEOUT_SECONDS,
      memory: AUDIT_MEMORY,
      minInstances: 0,
      // Two at a time would look at the same part.
      maxInstances: 1,
      concurrency: 1,
    });
    cassandra.grantConnect(this.service);
    const scheduler = new ServiceAccount(this, 'scheduler', {
      project: config.project,
      accountId: accountId(config, 'scheduler'),
      displayName: 'Tally: calls the audit',
    });
    this.service.grantInvoke('scheduler', scheduler.member);
    new CloudSchedulerJob(this, 'job', {
      project: config.project,
      region: config.region,
      name: auditJobName(config),
      description: 'Tally: the next part of the audit',
      schedule: SCHEDULE,
      timeZone: 'Etc/UTC',
      attemptDeadline: `${AUDIT_TIMEOUT_SECONDS}s`,
      // The next call goes on where this one stopped.
      retryConfig: { retryCount: 0 },
      httpTarget: {
        uri: this.service.url,
        httpMethod: 'POST',
        oidcToken: { serviceAccountEmail: scheduler.email, audience: this.service.url },
      },
    });
  }
}
