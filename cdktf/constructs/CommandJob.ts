import {
  CloudRunV2Job,
  type CloudRunV2JobTemplateTemplate,
} from '@cdktf/provider-google/lib/cloud-run-v2-job/index.js';
import { CloudRunV2JobIamMember } from '@cdktf/provider-google/lib/cloud-run-v2-job-iam-member/index.js';
import { ServiceAccount } from '@cdktf/provider-google/lib/service-account/index.js';
import { StorageBucket } from '@cdktf/provider-google/lib/storage-bucket/index.js';
import { StorageBucketIamMember } from '@cdktf/provider-google/lib/storage-bucket-iam-member/index.js';
import { Construct } from 'constructs';
import type { DeploymentConfig } from '../config.ts';
import { COMMAND_MEMORY, COMMAND_OUTPUT_KEPT_DAYS, COMMAND_TIMEOUT_SECONDS, CPU } from '../limits.ts';
import { accountId, commandBucketName, commandJobName, labelsOf } from '../names.ts';
import type { CassandraAccess } from './CassandraAccess.ts';
import { EGRESS } from './FunctionService.ts';
import type { FunctionSource } from './FunctionSource.ts';
import { ProgramContainer } from './ProgramContainer.ts';
import type { Topics } from './Topics.ts';
import { WaitForGrants } from './WaitForGrants.ts';

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

/**
 * The Cloud Run job that runs `tally <command>` where the functions run, for people whose own machine does
 * not reach the cluster. What a command prints may hold personal data. So it goes into a bucket that only the
 * operators read, and not into the log.
 */
export class CommandJob extends Construct {
  readonly #props: CommandJobProps;

  constructor(scope: Construct, id: string, props: CommandJobProps) {
    super(scope, id);
    this.#props = props;
    const { config, settings, source, topics, cassandra, folder } = props;
    const account = new ServiceAccount(this, 'account', {
      project: config.project,
      accountId: accountId(config, 'commands'),
      displayName: 'Tally: runs the commands of the operators',
    });
    const container = new ProgramContainer({ config, name: 'commands', account, source, cassandra, folder });
    const { grantee, member } = container;
    const output = this.#outputBucket();
    container.startAfter([this.#grantOutput(output, grantee, member)]);
    // `tally publish` publishes, and so does everything that sends a dead letter again. The job does not wait
    // for these grants. It is deployed alone before a migration, when there is nothing to publish to.
    topics.grantInputs(grantee, member);
    const job = new CloudRunV2Job(this, 'job', {
      project: config.project,
      location: config.region,
      name: commandJobName(config),
      labels: labelsOf(config),
      // Nothing is lost with the job. What it printed is in the bucket.
      deletionProtection: false,
      template: { template: { serviceAccount: account.email, ...this.#task(container, output) } },
      // The platform refuses a job whose account may not read a secret yet.
      dependsOn: [...container.objects, new WaitForGrants(this, 'wait', { grants: container.grants })],
    });
    // People name the job to Terraform, to deploy it alone before a migration.
    job.overrideLogicalId('commands');
    for (const operator of settings.operators) this.#admit(operator, job, output);
  }

  #task(container: ProgramContainer, output: StorageBucket): CloudRunV2JobTemplateTemplate {
    const { config, settings } = this.#props;
    return {
      timeout: `${COMMAND_TIMEOUT_SECONDS}s`,
      // A command is run again by the person who ran it, and by nobody else.
      maxRetries: 0,
      containers: [
        {
          image: settings.image,
          command: ['/bin/sh', '-c', scriptOf(container.program), 'tally'],
          args: ['--help'],
          workingDir: OUTPUT_FOLDER,
          env: container.env,
          resources: { limits: { cpu: CPU, memory: COMMAND_MEMORY } },
          volumeMounts: [...container.volumeMounts, { name: 'output', mountPath: OUTPUT_FOLDER }],
        },
      ],
      volumes: [...container.volumes, { name: 'output', gcs: { bucket: output.name } }],
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
 *
 * Cloud Run sends SIGTERM to the shell alone, ten seconds before it kills all. While a shell waits for a
 * program, it traps nothing. So the program runs beside it, and `wait` ends at the signal. The script hands
 * the signal on, and waits again until the program has ended.
 */
const scriptOf = (program: string): string =>
  [
    `{ node ${program} "$@" & trap "kill -TERM $!" TERM`,
    'wait $!; code=$?',
    'while kill -0 $! 2>/dev/null; do wait $!; code=$?; done',
    'echo "exit code $code"; } > "$CLOUD_RUN_EXECUTION.txt" 2>&1; exit $code',
  ].join('; ');
