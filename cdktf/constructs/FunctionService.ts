import { CloudRunServiceIamMember } from '@cdktf/provider-google/lib/cloud-run-service-iam-member/index.js';
import {
  Cloudfunctions2Function,
  type Cloudfunctions2FunctionServiceConfigSecretEnvironmentVariables,
  type Cloudfunctions2FunctionServiceConfigSecretVolumes,
} from '@cdktf/provider-google/lib/cloudfunctions2-function/index.js';
import { ServiceAccount } from '@cdktf/provider-google/lib/service-account/index.js';
import type { TerraformResource } from 'cdktf/lib/terraform-resource.js';
import { dependable } from 'cdktf/lib/tfExpression.js';
import { Construct } from 'constructs';
import type { DeployedFunction } from '../../shared/topology.ts';
import type { DeploymentConfig, SecretReference } from '../config.ts';
import { CPU } from '../limits.ts';
import { functionName, labelsOf } from '../names.ts';
import { tracesVariables } from '../tracesVariables.ts';
import type { BuildAccount } from './BuildAccount.ts';
import type { CassandraClient, SecretFile } from './CassandraAccess.ts';
import type { FunctionSource } from './FunctionSource.ts';

/** The words of the configuration, in the platform's. */
export const EGRESS = { 'private-ranges': 'PRIVATE_RANGES_ONLY', all: 'ALL_TRAFFIC' } as const;

/** What all functions of a deployment have in common. */
export interface Platform {
  readonly config: DeploymentConfig;
  readonly source: FunctionSource;
  readonly build: BuildAccount;
}

interface FunctionServiceProps extends Platform {
  readonly name: DeployedFunction;
  readonly description: string;
  /**
   * `internal` admits Pub/Sub and Cloud Scheduler of this project, and its networks. A caller also needs a
   * grant, see `grantInvoke`.
   */
  readonly ingress: 'internal' | 'all';
  readonly timeoutSeconds: number;
  readonly memory: string;
  readonly minInstances: number;
  readonly maxInstances: number;
  readonly concurrency: number;
}

/** A function and its service account. The account has no rights until something is granted to it. */
export class FunctionService extends Construct implements CassandraClient {
  readonly grantee: DeployedFunction;
  readonly member: string;
  readonly #config: DeploymentConfig;
  readonly #resource: Cloudfunctions2Function;
  readonly #secretVariables: Cloudfunctions2FunctionServiceConfigSecretEnvironmentVariables[] = [];
  readonly #secretFiles: Cloudfunctions2FunctionServiceConfigSecretVolumes[] = [];
  #variables: Readonly<Record<string, string>>;

  constructor(scope: Construct, id: string, props: FunctionServiceProps) {
    super(scope, id);
    const { config, name, source, build } = props;
    this.grantee = name;
    this.#config = config;
    const account = new ServiceAccount(this, 'account', {
      project: config.project,
      accountId: functionName(config, name),
      displayName: `Tally: ${name}`,
    });
    this.member = account.member;
    this.#variables = {
      GOOGLE_CLOUD_PROJECT: config.project,
      // Otherwise the framework would send the text of errors to the caller.
      NODE_ENV: 'production',
      ...(config.environment === undefined ? {} : { TALLY_ENVIRONMENT: config.environment }),
      // The audit handles no message.
      ...(name === 'audit' ? {} : tracesVariables(config)),
    };
    const { bucket, object } = source.archiveOf(name);
    this.#resource = new Cloudfunctions2Function(this, 'function', {
      project: config.project,
      location: config.region,
      name: functionName(config, name),
      description: props.description,
      labels: labelsOf(config),
      buildConfig: {
        runtime: 'nodejs24',
        entryPoint: name,
        serviceAccount: build.name,
        source: { storageSource: { bucket, object } },
      },
      serviceConfig: {
        serviceAccountEmail: account.email,
        ingressSettings: props.ingress === 'internal' ? 'ALLOW_INTERNAL_ONLY' : 'ALLOW_ALL',
        allTrafficOnLatestRevision: true,
        timeoutSeconds: props.timeoutSeconds,
        availableCpu: CPU,
        availableMemory: props.memory,
        minInstanceCount: props.minInstances,
        maxInstanceCount: props.maxInstances,
        maxInstanceRequestConcurrency: props.concurrency,
        environmentVariables: { ...this.#variables },
        ...(config.network === undefined
          ? {}
          : {
              vpcConnector: config.network.connector,
              vpcConnectorEgressSettings: EGRESS[config.network.egress],
            }),
      },
      dependsOn: [build.mayBuild],
    });
  }

  /** What must exist before something that watches the function. */
  get resource(): TerraformResource {
    return this.#resource;
  }

  /** The address of the function. It is also the audience of the token that a caller must send. */
  get url(): string {
    return this.#resource.serviceConfig.uri;
  }

  get serviceName(): string {
    return this.#resource.name;
  }

  setVariables(variables: Readonly<Record<string, string>>): void {
    this.#variables = { ...this.#variables, ...variables };
    this.#resource.serviceConfig.environmentVariables = { ...this.#variables };
  }

  setSecretVariable(key: string, { name, version }: SecretReference): void {
    this.#secretVariables.push({ key, projectId: this.#config.projectNumber, secret: name, version });
    this.#resource.serviceConfig.putSecretEnvironmentVariables([...this.#secretVariables]);
  }

  setSecretFile({ folder, name }: SecretFile, secret: SecretReference): void {
    this.#secretFiles.push({
      mountPath: folder,
      projectId: this.#config.projectNumber,
      secret: secret.name,
      versions: [{ version: secret.version, path: name }],
    });
    this.#resource.serviceConfig.putSecretVolumes([...this.#secretFiles]);
  }

  /** A revision does not start without these grants. */
  startAfter(grants: readonly TerraformResource[]): void {
    this.#resource.dependsOn = [...(this.#resource.dependsOn ?? []), ...grants.map(dependable)];
  }

  /**
   * Lets a member call the function.
   * @param id names the grant. It is unique among the grants of this function.
   */
  grantInvoke(id: string, member: string): CloudRunServiceIamMember {
    return new CloudRunServiceIamMember(this, `invoker-${id}`, {
      project: this.#config.project,
      location: this.#config.region,
      // The Cloud Run service of a function has the same name as the function.
      service: this.#resource.name,
      role: 'roles/run.invoker',
      member,
    });
  }
}
