import { errors } from 'cassandra-driver';
import type { CassandraConfig } from '../../config.ts';
import { TransientError } from '../../errors.ts';

type Nodes = Pick<CassandraConfig, 'contactPoints' | 'port' | 'secureConnectBundle'>;

/**
 * Turns the error of a failed connect into one that names the setting to check. The driver's error classes
 * and codes tell which setting that is. The cause is the error of the node that says most.
 * @returns a TransientError even when a setting is wrong, because somebody may change the cluster instead. An
 * error without a diagnosis comes back unchanged.
 */
export const toConnectError = (error: unknown, nodes: Nodes): unknown => {
  const causes = causesOf(error);
  for (const { isCauseOf, says } of DIAGNOSES) {
    const cause = causes.find(isCauseOf);
    if (cause !== undefined) return new TransientError(says(whereOf(nodes)), { cause });
  }
  return error;
};

interface Where {
  /** The setting that says where the nodes are, with its value when that is short. */
  readonly named: string;
  /** The setting that says whose certificates are trusted. */
  readonly authorities: string;
}

const whereOf = ({ contactPoints, port, secureConnectBundle }: Nodes): Where => {
  const setting = 'CASSANDRA_SECURE_CONNECT_BUNDLE';
  if (secureConnectBundle !== undefined) return { named: setting, authorities: setting };
  const [first = 'nowhere', ...others] = contactPoints;
  const more = others.length === 0 ? '' : ` and ${others.length} more`;
  return {
    named: `CASSANDRA_CONTACT_POINTS (${first}${more}, port ${port})`,
    authorities: 'CASSANDRA_TLS_CA_FILE',
  };
};

/** The driver's errors for the nodes, then the error itself. A text in place of an error is left out. */
const causesOf = (error: unknown): readonly Error[] => {
  const inner = error instanceof errors.NoHostAvailableError ? Object.values(error.innerErrors ?? {}) : [];
  return [...inner, error].filter((cause): cause is Error => cause instanceof Error);
};

interface Diagnosis {
  readonly isCauseOf: (cause: Error) => boolean;
  readonly says: (where: Where) => string;
}

const codeOf = (cause: Error): string =>
  'code' in cause && typeof cause.code === 'string' ? cause.code : '';

/**
 * OpenSSL's codes for a certificate chain that it does not trust, without those about revocation lists:
 * https://nodejs.org/api/tls.html#x509-certificate-error-codes.
 */
const CHAIN_CODES: ReadonlySet<string> = new Set([
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'CERT_SIGNATURE_FAILURE',
  'CERT_CHAIN_TOO_LONG',
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'CERT_UNTRUSTED',
  'CERT_REJECTED',
  'INVALID_CA',
  'INVALID_PURPOSE',
]);

const unreachable = ({ named }: Where): string => `Cassandra cannot be reached at ${named}`;

/** The plainest comes first. When nodes failed in different ways, the first one that fits is reported. */
const DIAGNOSES: readonly Diagnosis[] = [
  {
    isCauseOf: (cause) => cause instanceof errors.AuthenticationError,
    says: () => 'Cassandra refused the login: check CASSANDRA_USERNAME and CASSANDRA_PASSWORD',
  },
  {
    isCauseOf: (cause) => CHAIN_CODES.has(codeOf(cause)),
    says: ({ authorities }) => `Cassandra’s certificate is not trusted: check ${authorities}`,
  },
  {
    isCauseOf: (cause) => codeOf(cause) === 'ERR_TLS_CERT_ALTNAME_INVALID',
    says: ({ named }) => `Cassandra’s certificate is for another host than ${named}`,
  },
  {
    isCauseOf: (cause) => codeOf(cause).startsWith('ERR_SSL_'),
    says: ({ named }) =>
      `cannot open a TLS connection to Cassandra: check CASSANDRA_TLS and the port in ${named}`,
  },
  {
    // While it connects, the driver refuses one argument only: a data centre that none of the nodes is in.
    isCauseOf: (cause) => cause instanceof errors.ArgumentError,
    says: ({ named }) => `no node at ${named} is in the data centre of CASSANDRA_LOCAL_DATACENTER`,
  },
  {
    isCauseOf: (cause) => cause instanceof errors.OperationTimedOutError,
    says: ({ named }) => `the server at ${named} does not answer: check the port and CASSANDRA_TLS`,
  },
  {
    // Node gives such a code to an error of a socket or of a name look-up.
    isCauseOf: (cause) => /^E[A-Z]+$/.test(codeOf(cause)),
    says: unreachable,
  },
  { isCauseOf: (cause) => cause instanceof errors.NoHostAvailableError, says: unreachable },
];
