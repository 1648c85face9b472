import { TerraformResource } from 'cdktf/lib/terraform-resource.js';
import type { Construct } from 'constructs';
import { GRANTS_WORK_AFTER_SECONDS } from '../limits.ts';

/**
 * Waits until grants work. What depends on this is created two minutes after the last of them, and also after
 * a grant that is made again. It is `time_sleep` of the provider `hashicorp/time`, for which there are no
 * bindings here, so its arguments have Terraform's names.
 */
export class WaitForGrants extends TerraformResource {
  constructor(scope: Construct, id: string, { grants }: { readonly grants: readonly TerraformResource[] }) {
    super(scope, id, { terraformResourceType: 'time_sleep' });
    this.addOverride('create_duration', `${GRANTS_WORK_AFTER_SECONDS}s`);
    this.addOverride(
      'triggers',
      Object.fromEntries(
        grants.map((grant) => [grant.friendlyUniqueId, grant.interpolationForAttribute('id')]),
      ),
    );
  }
}
