import { ProjectIamMember } from '@cdktf/provider-google/lib/project-iam-member/index.js';
import { ServiceAccount } from '@cdktf/provider-google/lib/service-account/index.js';
import { Construct } from 'constructs';
import type { DeploymentConfig } from '../config.ts';
import { accountId } from '../names.ts';

/**
 * What Google documents for an account that builds functions; each can be granted on the whole project only.
 * https://cloud.google.com/functions/docs/securing/build-custom-sa
 */
const BUILD_ROLES = ['logging.logWriter', 'artifactregistry.writer', 'storage.objectViewer'];

/** Builds the functions, in place of a default account that may do much more. */
export class BuildAccount extends Construct {
  /** `projects/<project>/serviceAccounts/<address>` */
  readonly name: string;
  /** Without these no build works. */
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
