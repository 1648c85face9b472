export interface CassandraNode {
  readonly data: string;
  readonly nativePort: number;
  readonly storagePort: number;
}

/**
 * A minimal `cassandra.yaml` for one node on 127.0.0.1. An unknown key would be fatal. The commit log is synced before a
 * write is acknowledged: there is no second replica here, and by the default of every 10 s a `kill -9` would lose writes
 * that stand for acked messages (I2).
 */
export const cassandraYaml = ({ data, nativePort, storagePort }: CassandraNode): string =>
  `cluster_name: tally-local
partitioner: org.apache.cassandra.dht.Murmur3Partitioner
endpoint_snitch: SimpleSnitch
num_tokens: 1
initial_token: 0
auto_bootstrap: false
listen_address: 127.0.0.1
rpc_address: 127.0.0.1
storage_port: ${storagePort}
native_transport_port: ${nativePort}
seed_provider:
  - class_name: org.apache.cassandra.locator.SimpleSeedProvider
    parameters:
      - seeds: "127.0.0.1:${storagePort}"
data_file_directories: [${JSON.stringify(`${data}/data`)}]
commitlog_directory: ${JSON.stringify(`${data}/commitlog`)}
saved_caches_directory: ${JSON.stringify(`${data}/saved_caches`)}
hints_directory: ${JSON.stringify(`${data}/hints`)}
cdc_raw_directory: ${JSON.stringify(`${data}/cdc_raw`)}
commitlog_sync: batch
disk_access_mode: standard
key_cache_size: 4MiB
`;
