import { errors } from 'cassandra-driver';
import type { CassandraConfig } from '../config.ts';
import { TransientError } from '../errors.ts';

type Nodes = Pick<CassandraConfig, 'contactPoints' | 'port' | 'secureConnectBundle'>;

/**
 * A connect that failed, in words that name the setting to look at. Which one it is, is known from classes and codes; its cause is
 * what the driver got from the node that says most. Transient whatever it is: the cluster may be mended as well as the setting.
 * What is none of this comes back as it is.
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
  /** The setting that says where the nodes are, with its value where that is short. */
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

/** The error itself and what it says of each node; where the driver left one out it says so with a text. */
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

/** What OpenSSL has against a chain: https://nodejs.org/api/tls.html#x509-certificate-error-codes, less the revocation lists. */
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

/** The plainest first: where several nodes failed in several ways, the first that fits is told. */
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
    says: ({ named }) => `no TLS with Cassandra: check CASSANDRA_TLS and the port in ${named}`,
  },
  {
    // The driver has one argument that only a cluster can refuse.
    isCauseOf: (cause) => cause instanceof errors.ArgumentError,
    says: ({ named }) => `no node of CASSANDRA_LOCAL_DATACENTER at ${named}`,
  },
  {
    isCauseOf: (cause) => cause instanceof errors.OperationTimedOutError,
    says: ({ named }) => `what listens at ${named} does not answer: check the port and CASSANDRA_TLS`,
  },
  {
    // Node names what failed in a socket or in a look-up by such a code.
    isCauseOf: (cause) => /^E[A-Z]+$/.test(codeOf(cause)),
    says: unreachable,
  },
  { isCauseOf: (cause) => cause instanceof errors.NoHostAvailableError, says: unreachable },
];
