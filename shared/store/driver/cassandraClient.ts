import { accessSync, constants, readFileSync } from 'node:fs';
import { checkServerIdentity, type PeerCertificate } from 'node:tls';
import { auth, Client, policies, types } from 'cassandra-driver';
import type { CassandraConfig } from '../../config.ts';
import { ConfigError } from '../../errors.ts';
import { toConnectError } from './toConnectError.ts';
import { guardConnections } from './guardConnections.ts';
import { guardControlConnection } from './guardControlConnection.ts';
import { limitStatements } from './limitStatements.ts';
import { retireHosts } from './retireHosts.ts';
import { CONNECT_TIMEOUT_MS, STATEMENT_TIMEOUT_MS } from '../../deadlines.ts';

const RECONNECT_EVERY_MS = 1_000;
/**
 * The driver closes a connection after more timeouts than this: after the first one. It sends the other
 * statements in flight on it to another node. With the driver's default of 64, a frozen node or a half-open
 * connection would delay every third statement for the whole timeout.
 */
const CONNECTION_TIMEOUTS_MAX = 0;

/**
 * How every statement runs. An order and its payment meet because each side writes and then reads, both at
 * LOCAL_QUORUM (I3). The driver may repeat a statement, because each write carries its event's write time.
 */
export const QUERY_OPTIONS = {
  consistency: types.consistencies.localQuorum,
  prepare: true,
  isIdempotent: true,
};

/** The methods of the driver's client that the store uses. */
export type CassandraConnection = Pick<Client, 'execute' | 'batch'>;

export interface CassandraClient {
  /**
   * Connects on the first call. Later calls get the same client. After a failed attempt, a call tries again.
   * @throws TransientError that names the setting to check, when no node can be reached or none accepts us.
   */
  readonly connect: () => Promise<Client>;
  readonly close: () => Promise<void>;
}

/**
 * The driver, with all defaults replaced that do not suit us. Statements are prepared, idempotent and at
 * LOCAL_QUORUM. TLS is verified. 64-bit integers are `bigint`. Timeouts are short.
 * @param keyspace the configured one when left out. With null, it connects without a keyspace, as the
 * migration that creates the keyspace must.
 * @throws ConfigError when the file of the certificate authorities, or Astra's bundle, cannot be read.
 */
export const createCassandraClient = (
  config: CassandraConfig,
  keyspace: string | null = config.keyspace,
): CassandraClient => {
  // The file is read now. So a missing file stops the function at its start, not at its first message.
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
      // Only `tally migrate` changes the schema, and it waits itself. The driver would also wait for nodes
      // that are down.
      protocolOptions: { port: config.port, maxSchemaAgreementWaitSeconds: 0 },
      encoding: { useBigIntAsLong: true },
      queryOptions: QUERY_OPTIONS,
      socketOptions: {
        connectTimeout: CONNECT_TIMEOUT_MS,
        readTimeout: STATEMENT_TIMEOUT_MS,
        // A late answer must not be taken for the answer to another statement: see `deadlines.ts`.
        defunctReadTimeoutThreshold: CONNECTION_TIMEOUTS_MAX,
      },
      policies: { reconnection: new policies.reconnection.ConstantReconnectionPolicy(RECONNECT_EVERY_MS) },
    });
    retireHosts(client);
    limitStatements(client);
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
      // A failed attempt has closed what it opened, and `connect` has thrown its error.
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
 * Checks the name in the server's certificate. The driver looks up host names and then connects to addresses,
 * but few certificates name an address. So a certificate with the name of any contact point is accepted too.
 */
const identityCheck =
  (contactPoints: readonly string[]) =>
  (address: string, certificate: PeerCertificate): Error | undefined => {
    const refusal = checkServerIdentity(address, certificate);
    const isNamed = contactPoints.some((name) => checkServerIdentity(name, certificate) === undefined);
    return isNamed ? undefined : refusal;
  };

/**
 * The driver's options that say where the nodes are. With a bundle, the driver asks Astra for them over
 * mutual TLS, and accepts no other of these options.
 */
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
