import { ProjectIamMember } from '@cdktf/provider-google/lib/project-iam-member/index.js';
import { ServiceAccount } from '@cdktf/provider-google/lib/service-account/index.js';
import { Construct } from 'constructs';
import type { DeploymentConfig } from '../config.ts';
import { accountId, buildBucketName } from '../names.ts';
import type { FunctionSource } from './FunctionSource.ts';
import { WaitForGrants } from './WaitForGrants.ts';

/**
 * The roles that Google documents for an account that builds functions, and grants on the project:
 * https://cloud.google.com/functions/docs/securing/build-custom-sa. Google grants the reading of objects
 * there too, which would open every bucket of the project.
 */
const BUILD_ROLES = ['logging.logWriter', 'artifactregistry.writer'];

interface BuildAccountProps {
  readonly config: DeploymentConfig;
  readonly source: FunctionSource;
}

/** The account that builds the functions. Google's default account for this may do much more. */
export class BuildAccount extends Construct {
  /** The name in the form `projects/<project>/serviceAccounts/<address>`. */
  readonly name: string;
  /** A build that starts before this fails, because the account may not yet do what it needs. */
  readonly mayBuild: WaitForGrants;

  constructor(scope: Construct, id: string, { config, source }: BuildAccountProps) {
    super(scope, id);
    const { project } = config;
    const account = new ServiceAccount(this, 'account', {
      project,
      accountId: accountId(config, 'build'),
      displayName: 'Tally: builds the functions',
    });
    this.name = account.name;
    const { member } = account;
    const roles = BUILD_ROLES.map(
      (role) => new ProjectIamMember(this, role, { project, role: `roles/${role}`, member }),
    );
    const readCopies = new ProjectIamMember(this, 'read-copies', {
      project,
      role: 'roles/storage.objectViewer',
      member,
      condition: onlyIn(buildBucketName(config)),
    });
    const grants = [...roles, readCopies, source.grantRead('build', member)];
    this.mayBuild = new WaitForGrants(this, 'wait', { grants });
  }
}

/**
 * Narrows a grant on the project to one bucket. The platform makes this bucket when it builds the first
 * function, so before that there is nothing to grant a right on. The condition holds for the bucket, when its
 * objects are listed, and for each object.
 */
const onlyIn = (bucket: string) => {
  const name = `projects/_/buckets/${bucket}`;
  return {
    title: 'the copies of archives only',
    expression: `resource.name == "${name}" || resource.name.startsWith("${name}/")`,
  };
};
