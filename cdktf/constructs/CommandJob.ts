import { basename } from 'node:path';
import {
  CloudRunV2Job,
  type CloudRunV2JobTemplateTemplate,
  type CloudRunV2JobTemplateTemplateContainersEnv,
} from '@cdktf/provider-google/lib/cloud-run-v2-job/index.js';
import { CloudRunV2JobIamMember } from '@cdktf/provider-google/lib/cloud-run-v2-job-iam-member/index.js';
import { ServiceAccount } from '@cdktf/provider-google/lib/service-account/index.js';
import { StorageBucket } from '@cdktf/provider-google/lib/storage-bucket/index.js';
import { StorageBucketIamMember } from '@cdktf/provider-google/lib/storage-bucket-iam-member/index.js';
import type { TerraformResource } from 'cdktf/lib/terraform-resource.js';
import { Construct } from 'constructs';
import { INPUT_TOPICS } from '../../shared/topology.ts';
import type { DeploymentConfig, SecretReference } from '../config.ts';
import { COMMAND_MEMORY, COMMAND_OUTPUT_KEPT_DAYS, COMMAND_TIMEOUT_SECONDS, CPU } from '../limits.ts';
import { accountId, commandBucketName, commandJobName, labelsOf } from '../names.ts';
import type { CassandraAccess, CassandraClient, SecretFile } from './CassandraAccess.ts';
import { EGRESS } from './FunctionService.ts';
import type { FunctionSource } from './FunctionSource.ts';
import type { Topics } from './Topics.ts';
import { WaitForGrants } from './WaitForGrants.ts';

const PROGRAM_FOLDER = '/tally';
/** The commands run in this folder, so a file in the bucket needs no path. */
const OUTPUT_FOLDER = '/output';
/** An operator runs the job with other arguments, and sees how the run ended. */
const OPERATOR_ROLES = ['run.jobsExecutorWithOverrides', 'run.viewer'];

interface CommandJobProps {
  readonly config: DeploymentConfig;
  readonly settings: NonNullable<DeploymentConfig['commands']>;
  readonly source: FunctionSource;
  readonly topics: Topics;
  readonly cassandra: CassandraAccess;
  /** The folder that `npm run build` wrote for the commands. */
  readonly folder: string;
}

interface MountedFile {
  readonly file: SecretFile;
  readonly secret: SecretReference;
}

/**
 * The Cloud Run job that runs `tally <command>` where the functions run, for people whose own machine does
 * not reach the cluster. What a command prints may hold personal data. So it goes into a bucket that only the
 * operators read, and not into the log.
 */
export class CommandJob extends Construct implements CassandraClient {
  readonly grantee = 'commands';
  readonly member: string;
  readonly #props: CommandJobProps;
  readonly #env: CloudRunV2JobTemplateTemplateContainersEnv[] = [];
  readonly #files: MountedFile[] = [];
  readonly #grants: TerraformResource[] = [];

  constructor(scope: Construct, id: string, props: CommandJobProps) {
    super(scope, id);
    this.#props = props;
    const { config, settings, source, topics, cassandra, folder } = props;
    const account = new ServiceAccount(this, 'account', {
      project: config.project,
      accountId: accountId(config, 'commands'),
      displayName: 'Tally: runs the commands of the operators',
    });
    this.member = account.member;
    this.setVariables({
      GOOGLE_CLOUD_PROJECT: config.project,
      ...(config.environment === undefined ? {} : { TALLY_ENVIRONMENT: config.environment }),
    });
    cassandra.grantConnect(this);
    const output = this.#outputBucket();
    const { prefix, objects } = source.folderOf('commands', folder);
    // `tally publish` publishes, and so does everything that sends a dead letter again.
    const publishes = INPUT_TOPICS.map((topic) => topics.grantPublish(topic, this.grantee, this.member));
    this.startAfter([
      source.grantRead(this.grantee, this.member),
      this.#grantOutput(output, this.grantee, this.member),
      ...publishes,
    ]);
    const job = new CloudRunV2Job(this, 'job', {
      project: config.project,
      location: config.region,
      name: commandJobName(config),
      labels: labelsOf(config),
      // Nothing is lost with the job. What it printed is in the bucket.
      deletionProtection: false,
      template: { template: { serviceAccount: account.email, ...this.#task(prefix, output) } },
      // The platform refuses a job whose account may not read a secret yet.
      dependsOn: [...objects, new WaitForGrants(this, 'wait', { grants: this.#grants })],
    });
    // People name the job to Terraform, to deploy it alone before a migration.
    job.overrideLogicalId('commands');
    for (const operator of settings.operators) this.#admit(operator, job, output);
  }

  setVariables(variables: Readonly<Record<string, string>>): void {
    this.#env.push(...Object.entries(variables).map(([name, value]) => ({ name, value })));
  }

  setSecretVariable(name: string, { name: secret, version }: SecretReference): void {
    this.#env.push({ name, valueSource: { secretKeyRef: { secret, version } } });
  }

  setSecretFile(file: SecretFile, secret: SecretReference): void {
    this.#files.push({ file, secret });
  }

  startAfter(grants: readonly TerraformResource[]): void {
    this.#grants.push(...grants);
  }

  #task(prefix: string, output: StorageBucket): CloudRunV2JobTemplateTemplate {
    const { config, settings, source } = this.#props;
    return {
      timeout: `${COMMAND_TIMEOUT_SECONDS}s`,
      // A command is run again by the person who ran it, and by nobody else.
      maxRetries: 0,
      containers: [
        {
          image: settings.image,
          command: ['/bin/sh', '-c', scriptOf(`${PROGRAM_FOLDER}/${prefix}/index.mjs`), 'tally'],
          args: ['--help'],
          workingDir: OUTPUT_FOLDER,
          env: this.#env,
          resources: { limits: { cpu: CPU, memory: COMMAND_MEMORY } },
          volumeMounts: [
            { name: 'program', mountPath: PROGRAM_FOLDER },
            { name: 'output', mountPath: OUTPUT_FOLDER },
            ...this.#files.map(({ file: { folder } }) => ({ name: basename(folder), mountPath: folder })),
          ],
        },
      ],
      volumes: [
        { name: 'program', gcs: { bucket: source.bucketName, readOnly: true } },
        { name: 'output', gcs: { bucket: output.name } },
        ...this.#files.map(({ file, secret }) => ({
          // The name of a secret may have letters that the name of a volume may not.
          name: basename(file.folder),
          secret: { secret: secret.name, items: [{ path: file.name, version: secret.version }] },
        })),
      ],
      ...(config.network === undefined
        ? {}
        : { vpcAccess: { connector: config.network.connector, egress: EGRESS[config.network.egress] } }),
    };
  }

  #outputBucket(): StorageBucket {
    const { config } = this.#props;
    return new StorageBucket(this, 'output', {
      project: config.project,
      name: commandBucketName(config),
      location: config.region,
      labels: labelsOf(config),
      uniformBucketLevelAccess: true,
      publicAccessPrevention: 'enforced',
      forceDestroy: true,
      // By default, Google keeps what was deleted for another seven days.
      softDeletePolicy: { retentionDurationSeconds: 0 },
      lifecycleRule: [{ action: { type: 'Delete' }, condition: { age: COMMAND_OUTPUT_KEPT_DAYS } }],
    });
  }

  #grantOutput(output: StorageBucket, id: string, member: string): StorageBucketIamMember {
    return new StorageBucketIamMember(this, `output-${id}`, {
      bucket: output.name,
      role: 'roles/storage.objectUser',
      member,
    });
  }

  /** Lets a person run the job, read what it printed, and put a file there that a command reads. */
  #admit(member: string, job: CloudRunV2Job, output: StorageBucket): void {
    const { project, region } = this.#props.config;
    for (const role of OPERATOR_ROLES) {
      new CloudRunV2JobIamMember(this, `${role}-${member}`, {
        project,
        location: region,
        name: job.name,
        role: `roles/${role}`,
        member,
      });
    }
    this.#grantOutput(output, member, member);
  }
}

/**
 * A shell's script that runs a program with the script's arguments. It writes what the program prints, and
 * its exit code, into a file with the name of the run, and exits as the program did.
 */
const scriptOf = (program: string): string =>
  `{ node ${program} "$@"; code=$?; echo "exit code $code"; } > "$CLOUD_RUN_EXECUTION.txt" 2>&1; exit $code`;
