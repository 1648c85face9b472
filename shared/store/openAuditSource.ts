import type { Config } from '../config.ts';
import type { AuditSource } from './auditSource.ts';
import { openByKind } from './openByKind.ts';

/** Opens the store that the configuration names. An audit reads whole tables of it. */
export const openAuditSource = (config: Config['store']): Promise<AuditSource> =>
  openByKind(config, async (client) => {
    const { createCassandraAuditSource } = await import('./cassandraAuditSource.ts');
    return createCassandraAuditSource(client);
  });
