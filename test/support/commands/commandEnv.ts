import { randomBytes } from 'node:crypto';
import { inject } from 'vitest';

/**
 * The environment of a `tally` command on the run's Cassandra and Pub/Sub, with a new keyspace and a new
 * project.
 */
export const commandEnv = (): Record<string, string> => {
  const suffix = randomBytes(6).toString('hex');
  const pubsub = inject('pubsub');
  return {
    PATH: process.env.PATH ?? '',
    HOME: process.env.HOME ?? '',
    ...inject('cassandraEnv'),
    ...(pubsub === undefined ? {} : { PUBSUB_EMULATOR_HOST: pubsub }),
    CASSANDRA_KEYSPACE: `test_${suffix}`,
    GOOGLE_CLOUD_PROJECT: `tally-test-${suffix}`,
  };
};

/** What a command says about such an environment before it looks. */
export const targetLine = (env: Readonly<Record<string, string>>): string =>
  `Target: keyspace ${env.CASSANDRA_KEYSPACE}, Cassandra at ${env.CASSANDRA_CONTACT_POINTS} (datacenter1)\n`;
