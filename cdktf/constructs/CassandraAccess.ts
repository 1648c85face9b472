import { SecretManagerSecretIamMember } from '@cdktf/provider-google/lib/secret-manager-secret-iam-member/index.js';
import type { TerraformResource } from 'cdktf/lib/terraform-resource.js';
import { Construct } from 'constructs';
import { DEFAULT_KEYSPACE } from '../../shared/config.ts';
import type { DeploymentConfig, SecretReference } from '../config.ts';

const CA_FILE: SecretFile = { folder: '/secrets/cassandra-ca', name: 'ca.pem' };
const BUNDLE_FILE: SecretFile = { folder: '/secrets/cassandra-bundle', name: 'bundle.zip' };

/** Where a secret is mounted. */
export interface SecretFile {
  readonly folder: string;
  readonly name: string;
}

/** What connects to the cluster: a function, or the job that runs Tally's commands. */
export interface CassandraClient {
  /** Names the grants of its account. It is unique among the clients. */
  readonly grantee: string;
  readonly member: string;
  setVariables(variables: Readonly<Record<string, string>>): void;
  setSecretVariable(key: string, secret: SecretReference): void;
  setSecretFile(file: SecretFile, secret: SecretReference): void;
  /** Creates the client after these grants. */
  startAfter(grants: readonly TerraformResource[]): void;
}

/**
 * How the functions and the commands reach the cluster. It only names the secrets and never reads them, so
 * the value of a secret is never in a plan or in the state.
 */
export class CassandraAccess extends Construct {
  readonly #config: DeploymentConfig;

  constructor(scope: Construct, id: string, { config }: { readonly config: DeploymentConfig }) {
    super(scope, id);
    this.#config = config;
  }

  /** Lets a client read the secrets of the cluster, and sets the variables with its address. */
  grantConnect(client: CassandraClient): void {
    const { usernameSecret, passwordSecret, caSecret, secureConnectBundleSecret } = this.#config.cassandra;

    client.setVariables(clusterVariables(this.#config));
    const variables: [string, SecretReference][] = [
      ['CASSANDRA_USERNAME', usernameSecret],
      ['CASSANDRA_PASSWORD', passwordSecret],
    ];
    for (const [key, secret] of variables) client.setSecretVariable(key, secret);
    const files: [string, SecretFile, SecretReference | undefined][] = [
      ['CASSANDRA_TLS_CA_FILE', CA_FILE, caSecret],
      ['CASSANDRA_SECURE_CONNECT_BUNDLE', BUNDLE_FILE, secureConnectBundleSecret],
    ];
    for (const [variable, file, secret] of files) {
      if (secret === undefined) continue;
      client.setVariables({ [variable]: `${file.folder}/${file.name}` });
      client.setSecretFile(file, secret);
    }
    const used = [usernameSecret, passwordSecret, caSecret, secureConnectBundleSecret];
    const names = new Set(used.filter((secret) => secret !== undefined).map(({ name }) => name));
    client.startAfter([...names].map((name) => this.#grantRead(name, client)));
  }

  #grantRead(secretId: string, client: CassandraClient): SecretManagerSecretIamMember {
    return new SecretManagerSecretIamMember(this, `${secretId}-${client.grantee}`, {
      project: this.#config.project,
      secretId,
      role: 'roles/secretmanager.secretAccessor',
      member: client.member,
    });
  }
}

/** The variables that say where the cluster is. None of them is secret, and none is the path of a file. */
export const clusterVariables = ({ cassandra }: DeploymentConfig): Readonly<Record<string, string>> => {
  const { contactPoints, port, dataCenter, keyspace, tls, loginInClear } = cassandra;
  return {
    CASSANDRA_KEYSPACE: keyspace ?? DEFAULT_KEYSPACE,
    ...(contactPoints === undefined || dataCenter === undefined
      ? {}
      : {
          CASSANDRA_CONTACT_POINTS: contactPoints.map((host) => `${host}:${port}`).join(','),
          CASSANDRA_LOCAL_DATACENTER: dataCenter,
          CASSANDRA_TLS: tls ? 'on' : 'off',
          ...(loginInClear ? { CASSANDRA_LOGIN_IN_CLEAR: 'on' } : {}),
        }),
  };
};
