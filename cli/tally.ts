#!/usr/bin/env node
import { Command, InvalidArgumentError, Option } from 'commander';
import { z } from 'zod';
import { CASSANDRA_KINDS } from '../local/cassandra/options.ts';
import { type FaultSettings, faultSettingsSchema } from '../local/pubsub/server/faults.ts';
import { PUBSUB_KINDS } from '../local/pubsub/startPubSub.ts';
import { DEFAULT_PORTS } from '../local/localPorts.ts';
import { AuditUnableError, auditCommand } from './audit.ts';
import { demo, SCENARIOS } from './demo.ts';
import { migrateCommand } from './migrate.ts';
import { pubsubCommand } from './pubsub.ts';
import { runCommand } from './runCommand.ts';
import { simulateCommand } from './simulate.ts';
import { up } from './up.ts';
import { wholeNumber } from './wholeNumber.ts';

const PATIENCE_SECONDS_MAX = 600;

const PORT_MAX = 65_535;
const port = wholeNumber(1, PORT_MAX);
const firstOfFourPorts = wholeNumber(1, PORT_MAX - 3);

const httpUrl = (text: string): string => {
  if (/^https?:\/\//.test(text) && URL.canParse(text)) return text;
  throw new InvalidArgumentError('Expected an http or https URL.');
};

const jsonObject = (text: string): Record<string, unknown> => {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  } catch {
    // Said below, in the same words as for JSON that is no object.
  }
  throw new InvalidArgumentError('Expected a JSON object.');
};

const faultSettings = (text: string): FaultSettings => {
  const result = faultSettingsSchema.safeParse(jsonObject(text));
  if (result.success) return result.data;
  throw new InvalidArgumentError(z.prettifyError(result.error));
};

const cassandraOption = () =>
  new Option(
    '--cassandra <kind>',
    'which Cassandra to use (default: the first that this machine has)',
  ).choices(CASSANDRA_KINDS);
const pubsubOption = () =>
  new Option(
    '--pubsub <kind>',
    'which Pub/Sub to use (default: external where PUBSUB_EMULATOR_HOST is set, else local)',
  ).choices(PUBSUB_KINDS);
const faultsOption = (flag: string) =>
  new Option(
    `${flag} <json>`,
    'what the local Pub/Sub does wrong on purpose, such as {"seed":7,"duplicated":0.1}',
  ).argParser(faultSettings);
const json = () => new Option('--json', 'print JSON, for machines').default(false);

const program = new Command('tally')
  .description(
    'Joins orders and payments that arrive late, twice and in any order, and proves that nothing was lost.',
  )
  .showHelpAfterError()
  // Thrown rather than exited with 1, which from `tally audit` means that a promise is broken.
  .exitOverride();

program
  .command('up')
  .description('bring up Cassandra, Pub/Sub and the four functions on 127.0.0.1, and stay until Ctrl-C')
  .addOption(cassandraOption())
  .addOption(pubsubOption())
  .addOption(faultsOption('--pubsub-faults'))
  .option('--fresh', 'delete the data that an earlier run kept', false)
  .option('--cassandra-port <port>', 'where Cassandra listens', port, DEFAULT_PORTS.cassandra)
  .option('--pubsub-port <port>', 'where Pub/Sub listens', port, DEFAULT_PORTS.pubsub)
  .option(
    '--functions-port <port>',
    'the first of four ports in a row',
    firstOfFourPorts,
    DEFAULT_PORTS.functions,
  )
  .addOption(json())
  .action((options) => up(options, process.env));

program
  .command('demo')
  .description('run the reference system’s own workload on a system of its own, and show what became of it')
  .addOption(new Option('--scenario <letter>', 'which of its runs').choices(SCENARIOS).default(SCENARIOS[0]))
  .addOption(cassandraOption())
  .addOption(pubsubOption())
  .addOption(faultsOption('--pubsub-faults'))
  .addOption(json())
  .action((options) => demo(options, process.env));

program
  .command('pubsub')
  .description('bring up the local Pub/Sub alone on 127.0.0.1, for any client, and stay until Ctrl-C')
  .option('--port <port>', 'where it listens', port, DEFAULT_PORTS.pubsub)
  .addOption(faultsOption('--faults'))
  .addOption(json())
  .action((options) => pubsubCommand(options));

program
  .command('simulate')
  .description('send traffic through the simulator that `tally up` runs; it validates the options')
  .option('--url <url>', 'another simulator', httpUrl)
  .option('--out <file>', 'write the answer to a file too, for `tally audit --expect`')
  .option('--request <json>', 'the request’s body, such as {"preset":"shop","orders":1000}', jsonObject, {})
  .action((options) => simulateCommand({ ...options, identityToken: process.env.TALLY_IDENTITY_TOKEN }));

program
  .command('migrate')
  .description('create the keyspace and apply cql/ to the configured cluster; doing it again changes nothing')
  .addOption(json())
  .action((options) => migrateCommand(options, process.env));

program
  .command('audit')
  .description('read all tables and report what they hold; exits 1 on a violation, 2 if it could not look')
  .option('--expect <file>', 'compare with a simulator’s answer ("-": standard input)')
  .option(
    '--patience-seconds <seconds>',
    'how long a suspected violation is looked at again before it counts, and how long --expect waits when nothing more comes true',
    wholeNumber(0, PATIENCE_SECONDS_MAX),
    5,
  )
  .addOption(json())
  .action((options) => auditCommand(options, process.env));

/** An answer of megabytes may still be on its way into a pipe, and `process.exit` would cut it off. */
const flushed = (stream: NodeJS.WriteStream): Promise<void> =>
  new Promise((resolve) => {
    // A reader that has gone gets nothing more, and that is no failure of the command.
    stream.once('error', () => resolve());
    stream.write('', () => resolve());
  });

await runCommand(program, (error) => error instanceof AuditUnableError);
// Nothing else is waited for: what a command started, it has stopped, or an exit hook ends it now.
await Promise.all([process.stdout, process.stderr].map(flushed));
process.exit();
