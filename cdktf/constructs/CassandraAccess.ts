import { SecretManagerSecretIamMember } from '@cdktf/provider-google/lib/secret-manager-secret-iam-member/index.js';
import { Construct } from 'constructs';
import { DEFAULT_KEYSPACE } from '../../shared/config.ts';
import type { DeploymentConfig, SecretReference } from '../config.ts';
import type { FunctionService } from './FunctionService.ts';

const CA_FILE = { folder: '/secrets/cassandra-ca', name: 'ca.pem' };
const BUNDLE_FILE = { folder: '/secrets/cassandra-bundle', name: 'bundle.zip' };

/**
 * How the functions reach the cluster. It only names the secrets and never reads them, so the value of a
 * secret is never in a plan or in the state.
 */
export class CassandraAccess extends Construct {
  readonly #config: DeploymentConfig;

  constructor(scope: Construct, id: string, { config }: { readonly config: DeploymentConfig }) {
    super(scope, id);
    this.#config = config;
  }

  /** Lets a function read the secrets of the cluster, and sets the variables with its address. */
  grantConnect(service: FunctionService): void {
    const { cassandra, projectNumber } = this.#config;
    const { contactPoints, port, dataCenter, keyspace, tls, loginInClear } = cassandra;
    const { usernameSecret, passwordSecret, caSecret, secureConnectBundleSecret } = cassandra;

    service.setVariables({ CASSANDRA_KEYSPACE: keyspace ?? DEFAULT_KEYSPACE });
    if (contactPoints !== undefined && dataCenter !== undefined) {
      service.setVariables({
        CASSANDRA_CONTACT_POINTS: contactPoints.map((host) => `${host}:${port}`).join(','),
        CASSANDRA_LOCAL_DATACENTER: dataCenter,
        CASSANDRA_TLS: tls ? 'on' : 'off',
        ...(loginInClear ? { CASSANDRA_LOGIN_IN_CLEAR: 'on' } : {}),
      });
    }
    const variables: [string, SecretReference][] = [
      ['CASSANDRA_USERNAME', usernameSecret],
      ['CASSANDRA_PASSWORD', passwordSecret],
    ];
    for (const [key, { name, version }] of variables) {
      service.setSecretVariable({ key, projectId: projectNumber, secret: name, version });
    }
    const files: [string, typeof CA_FILE, SecretReference | undefined][] = [
      ['CASSANDRA_TLS_CA_FILE', CA_FILE, caSecret],
      ['CASSANDRA_SECURE_CONNECT_BUNDLE', BUNDLE_FILE, secureConnectBundleSecret],
    ];
    for (const [variable, file, secret] of files) {
      if (secret === undefined) continue;
      service.setVariables({ [variable]: `${file.folder}/${file.name}` });
      service.setSecretFile({
        mountPath: file.folder,
        projectId: projectNumber,
        secret: secret.name,
        versions: [{ version: secret.version, path: file.name }],
      });
    }
    const used = [usernameSecret, passwordSecret, caSecret, secureConnectBundleSecret];
    const names = new Set(used.filter((secret) => secret !== undefined).map(({ name }) => name));
    service.startAfter([...names].map((name) => this.#grantRead(name, service)));
  }

  #grantRead(secretId: string, service: FunctionService): SecretManagerSecretIamMember {
    return new SecretManagerSecretIamMember(this, `${secretId}-${service.functionId}`, {
      project: this.#config.project,
      secretId,
      role: 'roles/secretmanager.secretAccessor',
      member: service.member,
    });
  }
}
