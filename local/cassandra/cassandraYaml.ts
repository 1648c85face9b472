import type { ClusterPlace } from './options.ts';

export interface CassandraNode extends Omit<ClusterPlace, 'heapMiB'> {
  readonly data: string;
  readonly nativePort: number;
}

/**
 * A minimal `cassandra.yaml` for one node on a loopback address. An unknown key would be fatal. The commit log is synced
 * before a write is acknowledged: alone there is no second replica, on one machine all of them can be killed at once, and
 * by the default of every 10 s a `kill -9` would lose writes that stand for acked messages (I2). A memtable takes what it
 * holds: by the default of 1 MiB and more for every table that was ever written to, the keyspaces of one run of the tests
 * fill a small heap, no memtable can be flushed any more, and the next schema statement waits for that forever.
 */
export const cassandraYaml = (node: CassandraNode): string => {
  const { data, address, nativePort, storagePort, seeds, initialToken } = node;
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
commitlog_sync: batch
disk_access_mode: standard
key_cache_size: 4MiB
memtable_allocation_type: unslabbed_heap_buffers
`;
};
