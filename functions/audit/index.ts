import { loadConfig } from '../../shared/config.ts';
import { ConfigError } from '../../shared/errors.ts';
import { toHttpHandler } from '../../shared/http/httpHandler.ts';
import { serveFunction } from '../../shared/http/serveFunction.ts';
import { createAuditCursorStore } from '../../shared/store/auditCursor.ts';
import { createAuditSuspicionStore } from '../../shared/store/auditSuspicionStore.ts';
import { createCassandraAuditSource } from '../../shared/store/cassandraAuditSource.ts';
import { createCassandraClient } from '../../shared/store/driver/cassandraClient.ts';
import { findMissingMigrations } from '../../shared/store/schema.ts';
import { createProcessLog } from '../../shared/telemetry/log.ts';
import { createAudit } from './handler.ts';

const config = loadConfig();
const log = await createProcessLog('audit', config.logLevel);
if (config.store.kind === 'memory') {
  throw new ConfigError([
    'CASSANDRA_CONTACT_POINTS: expected an address, got none: the audit cannot read a store in memory',
  ]);
}
const client = createCassandraClient(config.store);
const answer = createAudit({
  source: createCassandraAuditSource(client),
  cursor: createAuditCursorStore(client),
  suspicions: createAuditSuspicionStore(client),
  findMissingMigrations: () => findMissingMigrations(client),
  clock: Date.now,
  log,
});

serveFunction({
  name: 'audit',
  log,
  close: () => client.close(),
  handle: toHttpHandler(answer),
});
