import { pathToFileURL } from 'node:url';
import type { CassandraTuning } from './options.ts';

/**
 * The modules that Cassandra 5.0 needs of Java 11 or 17, from its own `conf/jvm17-server.options`. Without
 * the opens, and without the agent below, the JVM ends with exit code 3 and says nothing.
 */
const EXPORTS = [
  'java.base/jdk.internal.misc',
  'java.base/java.lang.ref',
  'java.management.rmi/com.sun.jmx.remote.internal.rmi',
  'java.management/com.sun.jmx.remote.security',
  'java.rmi/sun.rmi.registry',
  'java.rmi/sun.rmi.server',
  'java.sql/java.sql',
  'jdk.unsupported/sun.misc',
];
const OPENS = [
  'java.base/java.lang.module',
  'java.base/jdk.internal.loader',
  'java.base/jdk.internal.ref',
  'java.base/jdk.internal.reflect',
  'java.base/jdk.internal.math',
  'java.base/jdk.internal.module',
  'java.base/jdk.internal.util.jar',
  'java.base/sun.nio.ch',
  'java.base/java.io',
  'java.base/java.lang.reflect',
  'java.base/java.lang',
  'java.base/java.util',
  'java.base/java.nio',
  'jdk.management/com.sun.management.internal',
];

interface CassandraNodeOptions {
  readonly jars: string;
  readonly data: string;
  readonly yaml: string;
  readonly logback: string;
  readonly heapMiB: number;
  /** Default `laptop`. */
  readonly tuning?: CassandraTuning | undefined;
}

/** The arguments of `java` that run one Cassandra node in the foreground, and make it start in seconds. */
export const cassandraArgs = ({
  jars,
  data,
  yaml,
  logback,
  heapMiB,
  tuning = 'laptop',
}: CassandraNodeOptions): string[] => [
  ...EXPORTS.map((name) => `--add-exports=${name}=ALL-UNNAMED`),
  ...OPENS.map((name) => `--add-opens=${name}=ALL-UNNAMED`),
  `-Xmx${heapMiB}m`,
  // Only the fast compiler: the node starts in three quarters of the time. A laptop's node is never busy
  // enough to need the other one.
  ...(tuning === 'laptop' ? ['-XX:TieredStopAtLevel=1'] : []),
  `-javaagent:${jars}/jamm-0.4.0.jar`,
  '-Djdk.attach.allowAttachSelf=true',
  '-Dio.netty.tryReflectionSetAccessible=true',
  '-Dio.netty.transport.noNative=true',
  `-Dcassandra.config=${pathToFileURL(yaml).href}`,
  `-Dcassandra.storagedir=${data}`,
  `-Dlogback.configurationFile=${logback}`,
  '-Dcassandra-foreground=yes',
  '-Dcassandra.skip_wait_for_gossip_to_settle=0',
  '-Dcassandra.ring_delay_ms=1000',
  '-Dcassandra.superuser_setup_delay_ms=0',
  '-Dcassandra.shutdown_announce_in_ms=0',
  '-Dcassandra.disable_tcactive_openssl=true',
  '-Dcassandra.libjemalloc=-',
  '-cp',
  `${jars}/*`,
  'org.apache.cassandra.service.CassandraDaemon',
];
