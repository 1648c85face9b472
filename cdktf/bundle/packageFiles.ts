import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import type { DeployedFunction } from '../../shared/topology.ts';
import { PROJECT_FOLDER } from './paths.ts';
import type { FileToPack } from './zip.ts';

const FRAMEWORK = '@google-cloud/functions-framework';

const dependencies = z.record(z.string(), z.string()).optional();
const lockSchema = z.object({
  packages: z.record(
    z.string(),
    z.looseObject({ version: z.string().optional(), dependencies, optionalDependencies: dependencies }),
  ),
});

type Packages = z.infer<typeof lockSchema>['packages'];

/**
 * Makes the `package.json` and the `package-lock.json` of a deployed function. The only dependency is the
 * framework. The lock file has the framework and its dependencies in the versions of this project's lock
 * file, so the platform installs what we tested.
 * @throws Error when this project's lock file has no framework.
 */
export const packageFiles = async (name: DeployedFunction): Promise<FileToPack[]> => {
  const lock = lockSchema.parse(
    JSON.parse(await readFile(join(PROJECT_FOLDER, 'package-lock.json'), 'utf8')),
  );
  const version = lock.packages[`node_modules/${FRAMEWORK}`]?.version;
  if (version === undefined) throw new Error(`package-lock.json has no ${FRAMEWORK}`);
  const manifest = {
    name: `tally-${name.toLowerCase()}`,
    version: '0.0.0',
    private: true,
    type: 'module',
    main: 'index.mjs',
    engines: { node: '24' },
    // The script is empty, because the platform has nothing to build.
    // https://cloud.google.com/docs/buildpacks/nodejs
    scripts: { 'gcp-build': '' },
    dependencies: { [FRAMEWORK]: version },
  };
  const { version: own, engines, dependencies: needed } = manifest;
  const lockFile = {
    name: manifest.name,
    version: own,
    lockfileVersion: 3,
    requires: true,
    packages: {
      '': { name: manifest.name, version: own, engines, dependencies: needed },
      ...closureOf(FRAMEWORK, lock.packages),
    },
  };
  return [
    { name: 'package.json', bytes: toJson(manifest) },
    { name: 'package-lock.json', bytes: toJson(lockFile) },
  ];
};

const toJson = (value: object): Uint8Array => Buffer.from(`${JSON.stringify(value, undefined, 2)}\n`);

/** Returns a package and all its dependencies, each at its path in the lock file. */
const closureOf = (root: string, packages: Packages): Packages => {
  const found = new Map<string, Packages[string]>();
  const visit = (path: string): void => {
    const entry = packages[path];
    if (entry === undefined || found.has(path)) return;
    found.set(path, entry);
    for (const name of Object.keys({ ...entry.dependencies, ...entry.optionalDependencies })) {
      const place = placeOf(name, path, packages);
      if (place !== undefined) visit(place);
    }
  };
  visit(`node_modules/${root}`);
  const sorted = [...found].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(sorted);
};

/** Returns where Node finds a package that another one imports: beside that one, or in a folder above it. */
const placeOf = (name: string, from: string, packages: Packages): string | undefined => {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))) {
    const place = `${folder === '' ? '' : `${folder}/`}node_modules/${name}`;
    if (packages[place] !== undefined) return place;
    if (folder === '') return undefined;
  }
};
