import { basename } from 'node:path';
import type { ServiceAccount } from '@cdktf/provider-google/lib/service-account/index.js';
import type { TerraformResource } from 'cdktf/lib/terraform-resource.js';
import type { DeploymentConfig, SecretReference } from '../config.ts';
import type { CassandraAccess, CassandraClient, SecretFile } from './CassandraAccess.ts';
import type { FunctionSource } from './FunctionSource.ts';

const PROGRAM_FOLDER = '/tally';

interface ProgramContainerProps {
  readonly config: DeploymentConfig;
  /** Names the program, its folder in the bucket and the grants of its account. */
  readonly name: string;
  readonly account: ServiceAccount;
  readonly source: FunctionSource;
  readonly cassandra: CassandraAccess;
  /** The folder that `npm run build` wrote for the program. */
  readonly folder: string;
}

interface MountedFile {
  readonly file: SecretFile;
  readonly secret: SecretReference;
}

/** A job and a worker pool take the same of each of these. */
interface Variable {
  readonly name: string;
  readonly value?: string;
  readonly valueSource?: { readonly secretKeyRef: { readonly secret: string; readonly version: string } };
}

interface Volume {
  readonly name: string;
  readonly gcs?: { readonly bucket: string; readonly readOnly: boolean };
  readonly secret?: { readonly secret: string; readonly items: { path: string; version: string }[] };
}

/**
 * What a container of a public image needs to run a program of ours against the cluster: the program, which
 * it reads from the bucket of archives, the variables, and the mounted secrets.
 */
export class ProgramContainer implements CassandraClient {
  readonly grantee: string;
  readonly member: string;
  /** Where the container finds the program. */
  readonly program: string;
  readonly env: Variable[] = [];
  /** The program in the bucket. */
  readonly objects: readonly TerraformResource[];
  /** The container does not start without these. */
  readonly grants: TerraformResource[] = [];
  readonly #bucket: string;
  readonly #files: MountedFile[] = [];

  constructor({ config, name, account, source, cassandra, folder }: ProgramContainerProps) {
    this.grantee = name;
    this.member = account.member;
    this.#bucket = source.bucketName;
    this.setVariables({
      GOOGLE_CLOUD_PROJECT: config.project,
      ...(config.environment === undefined ? {} : { TALLY_ENVIRONMENT: config.environment }),
    });
    cassandra.grantConnect(this);
    const { prefix, objects } = source.folderOf(name, folder);
    this.program = `${PROGRAM_FOLDER}/${prefix}/index.mjs`;
    this.objects = objects;
    this.startAfter([source.grantRead(name, this.member)]);
  }

  setVariables(variables: Readonly<Record<string, string>>): void {
    this.env.push(...Object.entries(variables).map(([name, value]) => ({ name, value })));
  }

  setSecretVariable(name: string, { name: secret, version }: SecretReference): void {
    this.env.push({ name, valueSource: { secretKeyRef: { secret, version } } });
  }

  setSecretFile(file: SecretFile, secret: SecretReference): void {
    this.#files.push({ file, secret });
  }

  startAfter(grants: readonly TerraformResource[]): void {
    this.grants.push(...grants);
  }

  get volumes(): Volume[] {
    return [
      { name: 'program', gcs: { bucket: this.#bucket, readOnly: true } },
      ...this.#files.map(({ file, secret }) => ({
        // The name of a secret may have letters that the name of a volume may not.
        name: basename(file.folder),
        secret: { secret: secret.name, items: [{ path: file.name, version: secret.version }] },
      })),
    ];
  }

  get volumeMounts(): { readonly name: string; readonly mountPath: string }[] {
    return [
      { name: 'program', mountPath: PROGRAM_FOLDER },
      ...this.#files.map(({ file: { folder } }) => ({ name: basename(folder), mountPath: folder })),
    ];
  }
}
