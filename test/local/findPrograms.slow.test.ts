import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { chooseCassandra } from '../../local/cassandra/startCassandra.ts';
import { errorOf } from '../support/errorOf.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tally-slow-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** Another store would not have what an earlier run kept. */
describe('a machine whose programs do not answer in time', () => {
  it.each(['docker', 'java'])('chooses no other Cassandra in place of the one of %s', async (program) => {
    // It ignores a request to end.
    await writeFile(join(folder, program), "#!/bin/sh\ntrap '' TERM\nwhile :; do /bin/sleep 1; done\n", {
      mode: 0o755,
    });

    const { message } = await errorOf(
      chooseCassandra({ kind: undefined, env: { PATH: folder }, downloadFolder: folder }),
    );

    expect(message).toBe(
      `no answer from ${program} within 20 s, and another Cassandra than that of the last run would not have its ` +
        'data: start again, or choose with --cassandra docker, maven or memory',
    );
  });
});
