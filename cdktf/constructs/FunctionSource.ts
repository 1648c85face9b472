import { StorageBucket } from '@cdktf/provider-google/lib/storage-bucket/index.js';
import { StorageBucketObject } from '@cdktf/provider-google/lib/storage-bucket-object/index.js';
import { AssetType, TerraformAsset } from 'cdktf/lib/terraform-asset.js';
import { Construct } from 'constructs';
import type { DeployedFunction } from '../../shared/topology.ts';
import type { DeploymentConfig } from '../config.ts';
import { labelsOf, sourceBucketName } from '../names.ts';

/** How long an archive that was replaced can still be fetched by hand. */
const REPLACED_KEPT_DAYS = 30;

interface FunctionSourceProps {
  readonly config: DeploymentConfig;
  /** Where `npm run build` left each function's archive. */
  readonly archivePath: (name: DeployedFunction) => string;
}

/** The bucket that functions are built from. An archive's name has its content's hash: what did not change is not deployed again. */
export class FunctionSource extends Construct {
  readonly #bucket: StorageBucket;
  readonly #archivePath: FunctionSourceProps['archivePath'];

  constructor(scope: Construct, id: string, { config, archivePath }: FunctionSourceProps) {
    super(scope, id);
    this.#archivePath = archivePath;
    this.#bucket = new StorageBucket(this, 'bucket', {
      project: config.project,
      name: sourceBucketName(config),
      location: config.region,
      labels: labelsOf(config),
      uniformBucketLevelAccess: true,
      publicAccessPrevention: 'enforced',
      // It holds nothing that `npm run build` cannot make again.
      forceDestroy: true,
      versioning: { enabled: true },
      lifecycleRule: [
        { action: { type: 'Delete' }, condition: { daysSinceNoncurrentTime: REPLACED_KEPT_DAYS } },
        { action: { type: 'AbortIncompleteMultipartUpload' }, condition: { age: 1 } },
      ],
    });
  }

  archiveOf(name: DeployedFunction): { readonly bucket: string; readonly object: string } {
    const asset = new TerraformAsset(this, `${name}-archive`, {
      path: this.#archivePath(name),
      type: AssetType.FILE,
    });
    const object = new StorageBucketObject(this, name, {
      bucket: this.#bucket.name,
      name: `${name}-${asset.assetHash.toLowerCase()}.zip`,
      source: asset.path,
    });
    return { bucket: this.#bucket.name, object: object.name };
  }
}
