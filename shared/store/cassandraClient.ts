import { accessSync, constants, readFileSync } from 'node:fs';
import { checkServerIdentity, type PeerCertificate } from 'node:tls';
import { auth, Client, policies, types } from 'cassandra-driver';
import type { CassandraConfig } from '../config.ts';
import { ConfigError } from '../errors.ts';
import { toConnectError } from './toConnectError.ts';
import { guardConnections } from './guardConnections.ts';
import { guardControlConnection } from './guardControlConnection.ts';
import { retireHosts } from './retireHosts.ts';
import { CONNECT_TIMEOUT_MS, STATEMENT_TIMEOUT_MS } from '../deadlines.ts';

const RECONNECT_EVERY_MS = 1_000;
/** One connection carries this many at once; past 128 nothing is gained, past 512 throughput falls. */
const REQUESTS_PER_CONNECTION_MAX = 512;

/**
 * A connection on which a statement has timed out is closed, and what else was in flight on it is asked elsewhere. The
 * driver's own 64 would also let a node that stands still, or a connection that is half open, hold up every third
 * statement for the whole timeout.
 */
const CONNECTION_TIMEOUTS_MAX = 0;

/**
 * How every statement runs. Write, then read, at LOCAL_QUORUM on both sides is what joins an order and its payment (I3);
 * the timestamps make repeating safe.
 */
export const QUERY_OPTIONS = {
  consistency: types.consistencies.localQuorum,
  prepare: true,
  isIdempotent: true,
};

/** As much of the driver's client as the store uses. */
export type CassandraConnection = Pick<Client, 'execute' | 'batch'>;

export interface CassandraClient {
  /**
   * Connects on first use, once; a failed attempt is made again by the next call.
   * @throws TransientError that names the setting to look at, when no node can be reached, or none lets us in.
   */
  readonly connect: () => Promise<Client>;
  readonly close: () => Promise<void>;
}

/**
 * The driver with every default that must not stay replaced: LOCAL_QUORUM, prepared and idempotent statements, verified
 * TLS, 64-bit integers as bigint, short timeouts.
 * @param keyspace null connects without one, as a migration that creates it must.
 * @throws ConfigError when the file of the certificate authorities, or Astra's bundle, cannot be read.
 */
export const createCassandraClient = (
  config: CassandraConfig,
  keyspace: string | null = config.keyspace,
): CassandraClient => {
  // Read now, so that a file that is not there stops a function at its start and not at its first message.
  const sslOptions = config.tls && tlsOptions(config.tls.caFile, config.contactPoints);
  if (config.secureConnectBundle !== undefined) assertReadable(config.secureConnectBundle);
  guardConnections();
  guardControlConnection();
  let connecting: Promise<Client> | undefined;

  const open = async (): Promise<Client> => {
    const client = new Client({
      ...nodesOf(config),
      ...(keyspace === null ? {} : { keyspace }),
      ...(config.credentials === undefined
        ? {}
        : {
            authProvider: new auth.PlainTextAuthProvider(
              config.credentials.username,
              config.credentials.password,
            ),
          }),
      ...(sslOptions === undefined ? {} : { sslOptions }),
      protocolOptions: { port: config.port },
      encoding: { useBigIntAsLong: true },
      queryOptions: QUERY_OPTIONS,
      socketOptions: {
        connectTimeout: CONNECT_TIMEOUT_MS,
        readTimeout: STATEMENT_TIMEOUT_MS,
        // No answer that comes after its time is taken for another one's: see CASSANDRA_QUEUE_TIMEOUT_MS.
        defunctReadTimeoutThreshold: CONNECTION_TIMEOUTS_MAX,
      },
      pooling: { maxRequestsPerConnection: REQUESTS_PER_CONNECTION_MAX },
      policies: { reconnection: new policies.reconnection.ConstantReconnectionPolicy(RECONNECT_EVERY_MS) },
    });
    retireHosts(client);
    try {
      await client.connect();
      return client;
    } catch (error) {
      await client.shutdown();
      throw toConnectError(error, config);
    }
  };

  return {
    connect: () => {
      connecting ??= open().catch((error: unknown) => {
        connecting = undefined;
        throw error;
      });
      return connecting;
    },
    close: async () => {
      // An attempt that fails has closed what it opened, and its error is for those who wanted to connect.
      const client = await connecting?.catch(() => undefined);
      await client?.shutdown();
    },
  };
};

const tlsOptions = (caFile: string | undefined, contactPoints: readonly string[]) => {
  try {
    return {
      rejectUnauthorized: true,
      checkServerIdentity: identityCheck(contactPoints),
      ...(caFile === undefined ? {} : { ca: [readFileSync(caFile)] }),
    };
  } catch (error) {
    throw new ConfigError([`CASSANDRA_TLS_CA_FILE: cannot read ${caFile}: ${String(error)}`]);
  }
};

/**
 * The driver looks names up itself and connects to addresses, and a certificate is rarely for an address: one for a contact point's
 * own name is as good.
 */
const identityCheck =
  (contactPoints: readonly string[]) =>
  (address: string, certificate: PeerCertificate): Error | undefined => {
    const refusal = checkServerIdentity(address, certificate);
    const isNamed = contactPoints.some((name) => checkServerIdentity(name, certificate) === undefined);
    return isNamed ? undefined : refusal;
  };

/** Where the nodes are: a bundle says it over its own mutual TLS, and the driver takes nothing beside it. */
const nodesOf = ({ contactPoints, localDataCenter, secureConnectBundle }: CassandraConfig) =>
  secureConnectBundle === undefined
    ? { contactPoints: [...contactPoints], localDataCenter }
    : { cloud: { secureConnectBundle } };

const assertReadable = (bundle: string): void => {
  try {
    accessSync(bundle, constants.R_OK);
  } catch (error) {
    throw new ConfigError([`CASSANDRA_SECURE_CONNECT_BUNDLE: cannot read ${bundle}: ${String(error)}`]);
  }
};
