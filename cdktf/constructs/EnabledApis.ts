import { ProjectService } from '@cdktf/provider-google/lib/project-service/index.js';
import { Aspects } from 'cdktf/lib/aspect.js';
import { TerraformResource } from 'cdktf/lib/terraform-resource.js';
import { dependable } from 'cdktf/lib/tfExpression.js';
import { Construct } from 'constructs';

/** The services that a resource needs, by the first part of its type. */
const NEEDED_BY: readonly (readonly [type: string, services: readonly string[]])[] = [
  ['google_pubsub_', ['pubsub']],
  ['google_cloudfunctions2_', ['cloudfunctions', 'run', 'cloudbuild', 'artifactregistry', 'logging']],
  ['google_cloud_run_', ['run']],
  ['google_secret_manager_', ['secretmanager']],
  ['google_cloud_scheduler_', ['cloudscheduler']],
  ['google_service_account', ['iam']],
  ['google_project_iam_', ['cloudresourcemanager']],
  ['google_storage_', ['storage']],
  ['google_logging_', ['logging']],
  ['google_monitoring_', ['monitoring']],
];

/**
 * Enables the Google Cloud services that Tally uses. Every resource in the scope waits for the services that
 * it needs. The services stay enabled when Tally is destroyed, because others in the project may use them.
 */
export class EnabledApis extends Construct {
  constructor(scope: Construct, id: string, { project }: { readonly project: string }) {
    super(scope, id);
    const services = new Map<string, ProjectService>();
    for (const name of new Set(NEEDED_BY.flatMap(([, needed]) => needed))) {
      const service = new ProjectService(this, name, {
        project,
        service: `${name}.googleapis.com`,
        disableOnDestroy: false,
      });
      services.set(name, service);
    }
    Aspects.of(scope).add({
      visit: (node) => {
        if (!(node instanceof TerraformResource)) return;
        const needed = NEEDED_BY.find(([type]) => node.terraformResourceType.startsWith(type))?.[1] ?? [];
        const enabled = needed
          .map((name) => services.get(name))
          .filter((service) => service !== undefined)
          .map(dependable);
        if (enabled.length > 0) node.dependsOn = [...(node.dependsOn ?? []), ...enabled];
      },
    });
  }
}
