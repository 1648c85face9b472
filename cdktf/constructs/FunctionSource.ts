import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { StorageBucket } from '@cdktf/provider-google/lib/storage-bucket/index.js';
import { StorageBucketIamMember } from '@cdktf/provider-google/lib/storage-bucket-iam-member/index.js';
import { StorageBucketObject } from '@cdktf/provider-google/lib/storage-bucket-object/index.js';
import { AssetType, TerraformAsset } from 'cdktf/lib/terraform-asset.js';
import { Construct } from 'constructs';
import type { DeployedFunction } from '../../shared/topology.ts';
import type { DeploymentConfig } from '../config.ts';
import { labelsOf, sourceBucketName } from '../names.ts';

/** An archive that was replaced can be fetched by hand for this long. */
const REPLACED_KEPT_DAYS = 30;

/**
 * An object is replaced when its content changes, because its name holds the hash. Terraform would delete the
 * old one first. Until the new revision is ready, an instance of the worker that starts, and a command, would
 * then find no program.
 */
const NEW_BEFORE_OLD_GOES = { lifecycle: { createBeforeDestroy: true } };

/** Terraform uploads no object without content. */
const FOLDER = { content: ' ' };

interface UploadedFolder {
  readonly prefix: string;
  readonly objects: readonly StorageBucketObject[];
}

interface FunctionSourceProps {
  readonly config: DeploymentConfig;
  /** Returns the file that `npm run build` wrote for a function. */
  readonly archivePath: (name: DeployedFunction) => string;
}

/**
 * The bucket of archives, from which Google builds the functions. The name of an archive contains the hash of
 * its content, so a function that did not change is not deployed again.
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
      lifecycle: { preventDestroy: !config.allowDestroy },
    });
  }

  get bucketName(): string {
    return this.#bucket.name;
  }

  /**
   * Lets a member read everything in the bucket.
   * @param id names the grant. It is unique among the grants of the bucket.
   */
  grantRead(id: string, member: string): StorageBucketIamMember {
    return new StorageBucketIamMember(this, `read-${id}`, {
      bucket: this.#bucket.name,
      role: 'roles/storage.objectViewer',
      member,
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
      ...NEW_BEFORE_OLD_GOES,
    });
    return { bucket: this.#bucket.name, object: object.name };
  }

  /**
   * Uploads the files of a folder, each as an object. Their prefix contains the hash of the whole folder, so
   * files of two versions are never mixed. Each folder is an object too, or a mounted bucket may not show
   * what is in it: https://cloud.google.com/storage/docs/cloud-storage-fuse/file-system#implicit-directories
   */
  folderOf(id: string, path: string): UploadedFolder {
    const asset = new TerraformAsset(this, `${id}-folder`, { path, type: AssetType.DIRECTORY });
    const prefix = `${id}-${asset.assetHash.toLowerCase()}`;
    const upload = (name: string, what: { readonly source: string } | { readonly content: string }) =>
      new StorageBucketObject(this, `${id}/${name}`.replaceAll('/', '-'), {
        bucket: this.#bucket.name,
        name: `${prefix}/${name}`,
        ...what,
        ...NEW_BEFORE_OLD_GOES,
      });
    const objects = readdirSync(path, { recursive: true, withFileTypes: true })
      .map((entry) => ({ name: relative(path, join(entry.parentPath, entry.name)), isFile: entry.isFile() }))
      .toSorted((a, b) => (a.name < b.name ? -1 : 1))
      .map(({ name, isFile }) =>
        isFile ? upload(name, { source: `${asset.path}/${name}` }) : upload(`${name}/`, FOLDER),
      );
    return { prefix, objects: [upload('', FOLDER), ...objects] };
  }
}
