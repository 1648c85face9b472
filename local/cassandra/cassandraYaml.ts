import type { CassandraTuning, ClusterPlace } from './options.ts';

interface CassandraNode extends Omit<ClusterPlace, 'heapMiB'> {
  readonly data: string;
  readonly nativePort: number;
  /** Default `laptop`. */
  readonly tuning?: CassandraTuning | undefined;
}

/**
 * A minimal `cassandra.yaml` for one node on a loopback address. Cassandra does not start with an unknown
 * key.
 *
 * `commitlog_sync: batch` syncs the commit log before a write is acknowledged. The default syncs every 10 s.
 * A `kill -9` would then lose writes of acked messages (I2): a single node has no second replica, and all
 * nodes of one machine can be killed at once. A measurement of what a cluster does takes the default.
 *
 * `unslabbed_heap_buffers` gives a memtable only the memory that it needs. The default takes 1 MiB or more
 * for every table that was ever written to. The keyspaces of one test run then fill a small heap. After that
 * no memtable can be flushed, and the next schema statement waits for ever.
 */
export const cassandraYaml = (node: CassandraNode): string => {
  const { data, address, nativePort, storagePort, seeds, initialToken, tuning = 'laptop' } = node;
  const seedList = seeds.map((seed) => `${seed}:${storagePort}`).join(',');
  return `cluster_name: tally-local
partitioner: org.apache.cassandra.dht.Murmur3Partitioner
endpoint_snitch: SimpleSnitch
num_tokens: 1
initial_token: ${initialToken}
auto_bootstrap: false
listen_address: ${address}
rpc_address: ${address}
storage_port: ${storagePort}
native_transport_port: ${nativePort}
seed_provider:
  - class_name: org.apache.cassandra.locator.SimpleSeedProvider
    parameters:
      - seeds: "${seedList}"
data_file_directories: [${JSON.stringify(`${data}/data`)}]
commitlog_directory: ${JSON.stringify(`${data}/commitlog`)}
saved_caches_directory: ${JSON.stringify(`${data}/saved_caches`)}
hints_directory: ${JSON.stringify(`${data}/hints`)}
cdc_raw_directory: ${JSON.stringify(`${data}/cdc_raw`)}
${tuning === 'laptop' ? 'commitlog_sync: batch' : 'commitlog_sync: periodic\ncommitlog_sync_period: 10000ms'}
disk_access_mode: standard
key_cache_size: 4MiB
memtable_allocation_type: unslabbed_heap_buffers
`;
};
