import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DEPLOYED_FUNCTIONS } from '../../shared/topology.ts';
import { bundleFunction } from './bundleFunction.ts';
import { bundleProgram } from './bundleProgram.ts';
import { packageFiles } from './packageFiles.ts';
import { archivePath, DIST_FOLDER, programFolder } from './paths.ts';
import { type FileToPack, zip } from './zip.ts';

/**
 * This command writes what is deployed. For each function it is the folder `dist/<name>/`, and the same files
 * as the archive `dist/<name>.zip`. For Tally's commands and for the worker it is the folder alone. The same
 * sources give the same bytes.
 */
const writeFiles = async (folder: string, files: readonly FileToPack[]): Promise<void> => {
  for (const { name, bytes } of files) {
    await mkdir(join(folder, dirname(name)), { recursive: true });
    await writeFile(join(folder, name), bytes);
  }
};

const report = (path: string, bytes: number, files: readonly FileToPack[]): void =>
  console.log(`${path}  ${Math.round(bytes / 1024)} kB, ${files.length} files`);

await rm(DIST_FOLDER, { recursive: true, force: true });
for (const name of DEPLOYED_FUNCTIONS) {
  const files = [...(await bundleFunction(name)), ...(await packageFiles(name))];
  await writeFiles(join(DIST_FOLDER, name), files);
  const archive = zip(files);
  await writeFile(archivePath(name), archive);
  report(`dist/${name}.zip`, archive.byteLength, files);
}
for (const name of ['commands', 'worker'] as const) {
  const files = await bundleProgram(name);
  await writeFiles(programFolder(name), files);
  const bytes = files.reduce((sum, file) => sum + file.bytes.byteLength, 0);
  report(`dist/${name}/`, bytes, files);
}
