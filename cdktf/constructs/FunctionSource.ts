import { StorageBucket } from '@cdktf/provider-google/lib/storage-bucket/index.js';
import { StorageBucketObject } from '@cdktf/provider-google/lib/storage-bucket-object/index.js';
import { AssetType, TerraformAsset } from 'cdktf/lib/terraform-asset.js';
import { Construct } from 'constructs';
import type { DeployedFunction } from '../../shared/topology.ts';
import type { DeploymentConfig } from '../config.ts';
import { labelsOf, sourceBucketName } from '../names.ts';

/** An archive that was replaced can be fetched by hand for this long. */
const REPLACED_KEPT_DAYS = 30;

interface FunctionSourceProps {
  readonly config: DeploymentConfig;
  /** Returns the file that `npm run build` wrote for a function. */
  readonly archivePath: (name: DeployedFunction) => string;
}

/**
 * The bucket from which Google builds the functions. The name of an archive contains the hash of its content,
 * so a function that did not change is not deployed again.
 */
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
      // `npm run build` can make everything in it again.
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
