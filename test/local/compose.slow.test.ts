import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { findUpPorts } from '../../bench/findUpPorts.ts';
import { isAlive } from '../../local/isAlive.ts';
import { until } from '../../proof/until.ts';
import { startScript } from '../support/commands/startScript.ts';

/** A stand-in for Docker that writes down its calls. Its Cassandra is up at once, and its Pub/Sub never. */
const DOCKER = `#!/bin/sh
echo "$*" >> "$RECORD/calls"
[ "$4 $7" = "up pubsub" ] || exit 0
echo $$ > "$RECORD/starting"
exec sleep 60
`;

/** @returns the calls of Docker after the signal, sorted and without the names of their Compose projects. */
const interrupt = async (command: string, signal: NodeJS.Signals) => {
  const folder = mkdtempSync(join(tmpdir(), 'tally-docker-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'docker'), DOCKER, { mode: 0o755 });
  const read = (file: string): string => {
    try {
      return readFileSync(join(folder, file), 'utf8');
    } catch {
      return '';
    }
  };
  const { options } = await findUpPorts();
  const ports = command === 'up' ? options : [];
  const tally = startScript('cli/tally.ts', [command, '--cassandra=docker', '--pubsub=docker', ...ports], {
    env: { PATH: `${folder}:${process.env.PATH}`, RECORD: folder, TALLY_RUN_FOLDER: folder },
  });
  await until(
    'a Pub/Sub that starts',
    () => read('starting').endsWith('\n') && / up .*cassandra\n/.test(read('calls')),
  );
  const before = read('calls');

  tally.signal(signal);
  const { exitCode, stderr } = await tally.result;

  expect(stderr).toContain(`tally: interrupted by ${signal}\n`);
  await until('the end of what was starting', () => !isAlive(Number(read('starting'))));
  const calls = read('calls').slice(before.length).trimEnd().split('\n');
  return {
    exitCode,
    calls: calls.map((call) => call.replace(/^compose --project-name tally-\d+ /, '')).toSorted(),
  };
};

it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('a %s removes the containers of a demo', async (signal) => {
  expect(await interrupt('demo', signal)).toEqual({
    exitCode: 130,
    calls: ['rm --stop --force --volumes cassandra', 'rm --stop --force --volumes pubsub'],
  });
});

it('Ctrl-C stops the containers of a system that starts, and keeps the data of its Cassandra', async () => {
  expect(await interrupt('up', 'SIGINT')).toEqual({
    exitCode: 130,
    calls: ['rm --stop --force --volumes pubsub', 'stop cassandra'],
  });
});
