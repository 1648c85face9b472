import { CommanderError } from 'commander';
import { describe, expect, it } from 'vitest';
import { createProgram } from '../../cli/createProgram.ts';
import { runTally } from '../support/commands/runScript.ts';

/**
 * What Commander writes, and the exit code that it asks for, in this process: a process for each costs half a
 * second.
 */
const parse = async (words: readonly string[]) => {
  const written = { stdout: '', stderr: '' };
  const program = createProgram(
    {},
    {
      writeOut: (text) => void (written.stdout += text),
      writeErr: (text) => void (written.stderr += text),
    },
  );
  const error: unknown = await program.parseAsync(words, { from: 'user' }).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof CommanderError)) throw new Error('a command began to run', { cause: error });
  return {
    ...written,
    exitCode: error.exitCode,
    stderr: `${written.stderr}${written.stderr === '' ? '' : error.message}`,
  };
};

const ID_ALLOWED = 'an order id, a whole number from 0 to 9223372036854775807';

const COMMANDS: Readonly<Record<string, readonly string[]>> = {
  up: [
    '--cassandra',
    '--pubsub',
    '--pubsub-faults',
    '--fresh',
    '--cassandra-port',
    '--pubsub-port',
    '--functions-port',
    '--console-port',
    '--json',
  ],
  demo: ['--scenario', '--cassandra', '--pubsub', '--pubsub-faults', '--json'],
  pubsub: ['--port', '--faults', '--json'],
  publish: ['--anyway', '--json'],
  order: ['--json'],
  simulate: ['--url', '--out', '--request'],
  console: ['--port', '--json'],
  migrate: ['--json'],
  audit: ['--expect', '--patience-seconds', '--settled', '--json'],
};

const ARGUMENTS: Readonly<Record<string, string>> = { publish: ' <kind> <file>', order: ' <id>' };

describe('help', () => {
  it('of the whole lists every command', async () => {
    const { exitCode, stdout, stderr } = await parse(['--help']);

    expect(exitCode).toBe(0);
    expect(stderr).toBe('');
    for (const command of Object.keys(COMMANDS)) expect(stdout).toMatch(new RegExp(`^ {2}${command} `, 'm'));
  });

  it.for(Object.entries(COMMANDS))('of %s lists its options', async ([command, options]) => {
    const { exitCode, stdout, stderr } = await parse([command, '--help']);

    expect(exitCode).toBe(0);
    expect(stderr).toBe('');
    expect(stdout).toContain(`Usage: tally ${command} [options]${ARGUMENTS[command] ?? ''}\n`);
    for (const option of options) expect(stdout).toMatch(new RegExp(`^ {2}${option}\\b`, 'm'));
  });

  it.each([['--version'], ['-V']])('tells the version with %s, and succeeds', async (option) => {
    const { exitCode, stdout, stderr } = await parse([option]);

    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^tally \d+\.\d+\.\d+, .*Node \d+\.\d+\.\d+\n$/);
  });

  it('is shown, with a failure, when no command is given', async () => {
    const { exitCode, stderr } = await parse([]);

    expect(exitCode).not.toBe(0);
    expect(stderr).toContain('Usage: tally [options] [command]');
  });
});

describe('words that are not understood', () => {
  it.for<[string, string[]]>([
    ['frobnicate', ["unknown command 'frobnicate'"]],
    ['audti', ["unknown command 'audti'", 'Did you mean audit?']],
    ['audit --frobnicate', ["unknown option '--frobnicate'", '--expect <file>']],
    ['audit --expect', ["option '--expect <file>' argument missing"]],
    ['audit --patience-seconds soon', ['--patience-seconds', "'soon'", 'a whole number from 0 to 3600']],
    ['audit --patience-seconds 3601', ['--patience-seconds', 'a whole number from 0 to 3600']],
    ['demo --scenario E', ['--scenario', "'E'", 'A, B, C, D']],
    ['demo --cassandra sqlite', ['--cassandra', "'sqlite'", 'external, docker, maven, memory']],
    ['demo --pubsub kafka', ['--pubsub', "'kafka'", 'external, local, google, docker']],
    ['pubsub --faults 1', ['--faults', 'Expected a JSON object']],
    ['pubsub --faults {"dupes":1}', ['--faults', 'Unrecognized key: "dupes"']],
    ['pubsub --faults {"duplicated":0.95}', ['duplicated: expected a share from 0 to 0.9']],
    ['pubsub --faults {"delayMs":0}', ['delayMs: expected whole milliseconds, 1 to 600000']],
    ['up --cassandra-port 0', ['--cassandra-port', 'a whole number from 1 to 65535']],
    ['up --pubsub-port 65536', ['--pubsub-port', 'a whole number from 1 to 65535']],
    ['up --functions-port 65533', ['--functions-port', 'a whole number from 1 to 65532']],
    ['up --console-port 0', ['--console-port', 'a whole number from 1 to 65535']],
    ['console --port http', ['--port', 'a whole number from 1 to 65535']],
    ['publish', ["missing required argument 'kind'", 'choices: "order", "payment"']],
    ['publish order', ["missing required argument 'file'", 'a JSON file ("-": standard input)']],
    ['publish refund a.json', ["'refund'", "'kind'", 'Allowed choices are order, payment']],
    ['order', ["missing required argument 'id'"]],
    ['order abc', ["'abc'", ID_ALLOWED]],
    ['order -1', ["'-1'", ID_ALLOWED]],
    ['order 9223372036854775808', ["'9223372036854775808'", ID_ALLOWED]],
    ['findings resolve 1 --because x --ref conflict', ["'conflict'", '"tally findings --json" prints it']],
    ['retention --days 30', ['--days', 'a whole number from 31 to ']],
    ['retention --days 3650', ['--days', 'Expected at most ', 'after 2038-01-18', 'for two more years']],
    ['migrate --yaml', ["unknown option '--yaml'", '--json']],
    ['simulate --request {', ['--request', 'Expected a JSON object']],
    ['simulate --request [1]', ['--request', 'Expected a JSON object']],
    ['simulate --url localhost:8083', ['--url', 'Expected an http or https URL']],
  ])('are refused in "tally %s", which says what is allowed', async ([words, said]) => {
    const { exitCode, stdout, stderr } = await parse(words.split(' '));

    expect(exitCode).not.toBe(0);
    expect(stdout).toBe('');
    for (const text of said) expect(stderr).toContain(text);
  });

  // Not 1, which from `tally audit` means that a promise is broken.
  it.each([[['audit', '--frobnicate']], [[]]])('end the process of "tally %s" with 2', async (words) => {
    const { exitCode, stdout, stderr } = await runTally(words, { env: {} });

    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toContain('Usage: tally');
  });

  it('are named below the help, so that they are on the screen, and are shown as text', async () => {
    const { stderr } = await runTally(['dlq', 'show', `\u001b[2J${'a'.repeat(10_000)}`], { env: {} });

    const [last = ''] = stderr.trimEnd().split('\n').slice(-1);
    expect(last).toMatch(
      /^error: command-argument value '\\u\{1b\}\[2Ja+ … a+' is invalid for argument 'id'\. Expected the id of a dead letter, 32 hex digits\.$/,
    );
    expect(last.length).toBeLessThan(600);
  });
});
