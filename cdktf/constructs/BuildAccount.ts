import { ProjectIamMember } from '@cdktf/provider-google/lib/project-iam-member/index.js';
import { ServiceAccount } from '@cdktf/provider-google/lib/service-account/index.js';
import { Construct } from 'constructs';
import type { DeploymentConfig } from '../config.ts';
import { accountId } from '../names.ts';

/**
 * The roles that Google documents for an account that builds functions. They are granted on the project:
 * https://cloud.google.com/functions/docs/securing/build-custom-sa
 */
const BUILD_ROLES = ['logging.logWriter', 'artifactregistry.writer', 'storage.objectViewer'];

/** The account that builds the functions. Google's default account for this may do much more. */
export class BuildAccount extends Construct {
  /** The name in the form `projects/<project>/serviceAccounts/<address>`. */
  readonly name: string;
  /** No build works without these grants. */
  readonly grants: readonly ProjectIamMember[];

  constructor(scope: Construct, id: string, { config }: { readonly config: DeploymentConfig }) {
    super(scope, id);
    const account = new ServiceAccount(this, 'account', {
      project: config.project,
      accountId: accountId(config, 'build'),
      displayName: 'Tally: builds the functions',
    });
    this.name = account.name;
    this.grants = BUILD_ROLES.map(
      (role) =>
        new ProjectIamMember(this, role, {
          project: config.project,
          role: `roles/${role}`,
          member: account.member,
        }),
    );
  }
}
