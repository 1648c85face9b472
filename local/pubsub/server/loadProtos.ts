import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import * as z from 'zod';

const require = createRequire(import.meta.url);

const protosSchema = z.object({ nested: z.record(z.string(), z.any()) });
/** Protocol definitions, as protobuf.js writes them to JSON. */
export type Protos = z.output<typeof protosSchema>;

/** Reads Pub/Sub's protocol definitions from Google's client package. */
export const loadProtos = (): Protos => {
  const packageFolder = dirname(require.resolve('@google-cloud/pubsub/package.json'));
  return protosSchema.parse(
    JSON.parse(readFileSync(join(packageFolder, 'build/protos/protos.json'), 'utf8')),
  );
};
