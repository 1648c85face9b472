import { describe, expect, it } from 'vitest';
import { runTally } from '../../proof/runScript.ts';

/** Nothing is configured, and nobody is asked: what is wrong with the words is said before anything is started. */
const env = { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '' };

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
    '--json',
  ],
  demo: ['--scenario', '--cassandra', '--pubsub', '--pubsub-faults', '--json'],
  pubsub: ['--port', '--faults', '--json'],
  publish: ['--anyway', '--json'],
  order: ['--json'],
  simulate: ['--url', '--out', '--request'],
  migrate: ['--json'],
  audit: ['--expect', '--patience-seconds', '--json'],
};

const ARGUMENTS: Readonly<Record<string, string>> = { publish: ' <kind> <file>', order: ' <id>' };

describe('help', () => {
  it('of the whole lists every command', async () => {
    const { exitCode, stdout, stderr } = await runTally(['--help'], { env });

    expect(exitCode).toBe(0);
    expect(stderr).toBe('');
    for (const command of Object.keys(COMMANDS)) expect(stdout).toMatch(new RegExp(`^ {2}${command} `, 'm'));
  });

  it.for(Object.entries(COMMANDS))('of %s lists its options', async ([command, options]) => {
    const { exitCode, stdout, stderr } = await runTally([command, '--help'], { env });

    expect(exitCode).toBe(0);
    expect(stderr).toBe('');
    expect(stdout).toContain(`Usage: tally ${command} [options]${ARGUMENTS[command] ?? ''}\n`);
    for (const option of options) expect(stdout).toMatch(new RegExp(`^ {2}${option}\\b`, 'm'));
  });

  it('is shown, with a failure, when no command is given', async () => {
    const { exitCode, stderr } = await runTally([], { env });

    expect(exitCode).toBe(2);
    expect(stderr).toContain('Usage: tally [options] [command]');
  });
});

describe('words that are not understood', () => {
  it.for<[string, string[]]>([
    ['frobnicate', ["unknown command 'frobnicate'"]],
    ['audti', ["unknown command 'audti'", 'Did you mean audit?']],
    ['audit --frobnicate', ["unknown option '--frobnicate'", '--expect <file>']],
    ['audit --expect', ["option '--expect <file>' argument missing"]],
    ['audit --patience-seconds soon', ['--patience-seconds', "'soon'", 'a whole number from 0 to 600']],
    ['audit --patience-seconds 601', ['--patience-seconds', 'a whole number from 0 to 600']],
    ['demo --scenario E', ['--scenario', "'E'", 'A, B, C, D']],
    ['demo --cassandra sqlite', ['--cassandra', "'sqlite'", 'external, docker, maven, memory']],
    ['demo --pubsub kafka', ['--pubsub', "'kafka'", 'external, local, google, docker']],
    ['pubsub --faults 1', ['--faults', 'Expected a JSON object']],
    ['pubsub --faults {"dupes":1}', ['--faults', 'Unrecognized key: "dupes"']],
    ['up --cassandra-port 0', ['--cassandra-port', 'a whole number from 1 to 65535']],
    ['up --pubsub-port 65536', ['--pubsub-port', 'a whole number from 1 to 65535']],
    ['up --functions-port 65533', ['--functions-port', 'a whole number from 1 to 65532']],
    ['publish', ["missing required argument 'kind'", 'choices: "order", "payment"']],
    ['publish order', ["missing required argument 'file'", 'a JSON file ("-": standard input)']],
    ['publish refund a.json', ["'refund'", "'kind'", 'Allowed choices are order, payment']],
    ['order', ["missing required argument 'id'"]],
    ['order abc', ["'abc'", ID_ALLOWED]],
    ['order -1', ["'-1'", ID_ALLOWED]],
    ['order 9223372036854775808', ["'9223372036854775808'", ID_ALLOWED]],
    ['migrate --yaml', ["unknown option '--yaml'", '--json']],
    ['simulate --request {', ['--request', 'Expected a JSON object']],
    ['simulate --request [1]', ['--request', 'Expected a JSON object']],
    ['simulate --url localhost:8083', ['--url', 'Expected an http or https URL']],
  ])('end "tally %s" with 2, and say what is allowed', async ([words, said]) => {
    const { exitCode, stdout, stderr } = await runTally(words.split(' '), { env });

    // Not 1, which from `tally audit` means that a promise is broken.
    expect(exitCode).toBe(2);
    expect(stdout).toBe('');
    for (const text of said) expect(stderr).toContain(text);
  });
});
