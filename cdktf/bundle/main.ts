import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DEPLOYED_FUNCTIONS } from '../../shared/topology.ts';
import { bundleFunction } from './bundleFunction.ts';
import { packageFiles } from './packageFiles.ts';
import { archivePath, DIST_FOLDER } from './paths.ts';
import { zip } from './zip.ts';

/**
 * Writes what is deployed: the folder `dist/<name>/`, and the same files as the archive `dist/<name>.zip`.
 * The same sources give the same bytes.
 */
await rm(DIST_FOLDER, { recursive: true, force: true });
for (const name of DEPLOYED_FUNCTIONS) {
  const files = [...(await bundleFunction(name)), ...(await packageFiles(name))];
  await mkdir(join(DIST_FOLDER, name), { recursive: true });
  for (const file of files) await writeFile(join(DIST_FOLDER, name, file.name), file.bytes);
  const archive = zip(files);
  await writeFile(archivePath(name), archive);
  console.log(`dist/${name}.zip  ${Math.round(archive.byteLength / 1024)} kB, ${files.length} files`);
}
