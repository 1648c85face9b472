import { isIP } from 'node:net';
import {
  Argument,
  Command,
  CommanderError,
  InvalidArgumentError,
  Option,
  type OutputConfiguration,
} from 'commander';
import { CASSANDRA_KINDS } from '../local/cassandra/options.ts';
import { type FaultSettings, faultSettingsSchema } from '../local/pubsub/server/faults.ts';
import { PUB_SUB_KINDS } from '../local/pubsub/pubSubKinds.ts';
import { CONSUME_KINDS } from '../local/consumeKinds.ts';
import { DEFAULT_PORTS } from '../local/localPorts.ts';
import { SCENARIOS } from './scenarios.ts';
import { IN_PROGRESS_MAX_MS } from '../shared/topology.ts';
import type { Environment } from '../shared/config.ts';
import { MESSAGE_KINDS } from './messageKinds.ts';
import { addDlq } from './dlq/addDlq.ts';
import { addOperations } from './addOperations.ts';
import { idArgument } from './idArgument.ts';
import { refuseKeptOptions } from './refuseKeptOptions.ts';
import { versionText } from './versionText.ts';
import { wholeNumber } from './wholeNumber.ts';

/**
 * The `tally` command with all its subcommands. It does nothing before it is asked to parse, and loads a
 * subcommand only when that one runs, so that `--help` does not wait for gRPC and the driver.
 * @param output where help and errors about options go. Default: standard output and standard error.
 */
export const createProgram = (env: Environment, output: OutputConfiguration = {}): Command => {
  const program = new Command('tally')
    .description(
      'Joins orders and payments that arrive late, twice and in any order, and proves that nothing was lost.',
    )
    // The error is written last, below the help: see runCommand.
    .configureOutput({ ...output, outputError: () => {} })
    .addOption(new Option('-V, --version', 'print the version, the commit and the Node that runs it'))
    .showHelpAfterError()
    // Commander would exit with 1 itself, and 1 from `tally audit` means that a promise is broken.
    .exitOverride();
  // Commander's own `version` would have to know the text, and so ask git, whenever a command is made.
  program.on('option:version', () => {
    program.configureOutput().writeOut?.(`${versionText()}\n`);
    throw new CommanderError(0, 'commander.version', 'version');
  });
  program.hook('preAction', (_, command) => refuseKeptOptions(command, env));
  for (const add of COMMANDS) add(program, env);
  return program;
};

const PATIENCE_SECONDS_MAX = 3_600;

const PORT_MAX = 65_535;
const port = wholeNumber(1, PORT_MAX);
const firstOfFourPorts = wholeNumber(1, PORT_MAX - 3);

const ipAddress = (text: string): string => {
  if (isIP(text) !== 0) return text;
  throw new InvalidArgumentError('Expected an IP address, such as 0.0.0.0.');
};

const httpUrl = (text: string): string => {
  if (/^https?:\/\//.test(text) && URL.canParse(text)) return text;
  throw new InvalidArgumentError('Expected an http or https URL.');
};

const jsonObject = (text: string): Record<string, unknown> => {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  } catch {
    // Text that is not JSON gets the same error as JSON that is not an object.
  }
  throw new InvalidArgumentError('Expected a JSON object.');
};

const faultSettings = (text: string): FaultSettings => {
  const result = faultSettingsSchema.safeParse(jsonObject(text));
  if (result.success) return result.data;
  throw new InvalidArgumentError(
    result.error.issues.map(({ path, message }) => [...path, message].join(': ')).join('; '),
  );
};

const cassandraOption = () =>
  new Option(
    '--cassandra <kind>',
    'which Cassandra of this machine to use; external: the one that CASSANDRA_CONTACT_POINTS names (default: ' +
      'the first that there is)',
  ).choices(CASSANDRA_KINDS);
const pubsubOption = () =>
  new Option(
    '--pubsub <kind>',
    'which Pub/Sub to use (default: external where PUBSUB_EMULATOR_HOST is set, else local)',
  ).choices(PUB_SUB_KINDS);
const faultsOption = (flag: string) =>
  new Option(
    `${flag} <json>`,
    'what the local Pub/Sub does wrong on purpose, such as {"seed":7,"duplicated":0.1}',
  ).argParser(faultSettings);
const json = () => new Option('--json', 'print JSON, for machines').default(false);

const addUp = (program: Command, env: Environment): void => {
  program
    .command('up')
    .description('start Cassandra, Pub/Sub and the four functions on 127.0.0.1, and stay until Ctrl-C')
    .addOption(cassandraOption())
    .addOption(pubsubOption())
    .addOption(faultsOption('--pubsub-faults'))
    .addOption(
      new Option(
        '--consume <how>',
        'push: each function is a process that Pub/Sub pushes to; pull: one worker process pulls everything',
      )
        .choices(CONSUME_KINDS)
        .default(CONSUME_KINDS[0]),
    )
    .option('--fresh', 'delete what an earlier run kept, and start empty', false)
    .option('--traces', 'let the functions trace each message, so that the page shows its steps', false)
    .option('--cassandra-port <port>', 'where Cassandra listens', port, DEFAULT_PORTS.cassandra)
    .option('--pubsub-port <port>', 'where Pub/Sub listens', port, DEFAULT_PORTS.pubsub)
    .option(
      '--functions-port <port>',
      'the first of four ports in a row',
      firstOfFourPorts,
      DEFAULT_PORTS.functions,
    )
    .option('--console-port <port>', 'where the live page is', port, DEFAULT_PORTS.console)
    .addOption(json())
    .action(async (options) => {
      const { up } = await import('./up.ts');
      await up(options, env);
    });
};

const addDemo = (program: Command, env: Environment): void => {
  program
    .command('demo')
    .description(
      'start a system for this run only, on this machine only, send it the traffic of the reference (the ' +
        'tutorial that Tally replaces), and show the result; exits 1 if it is wrong',
    )
    .addOption(
      new Option(
        '--scenario <letter>',
        'in which order the messages come; A: all at once, B: orders first, C: as B, and orders go on ' +
          'coming, D: all before the functions start',
      )
        .choices(SCENARIOS)
        .default(SCENARIOS[0]),
    )
    .addOption(cassandraOption())
    .addOption(pubsubOption())
    .addOption(faultsOption('--pubsub-faults'))
    .addOption(json())
    .action(async (options) => {
      const { demo } = await import('./demo.ts');
      await demo(options, env);
    });
};

const addPubsub = (program: Command): void => {
  program
    .command('pubsub')
    .description('start the local Pub/Sub alone on 127.0.0.1, for any client, and stay until Ctrl-C')
    .option('--port <port>', 'where it listens', port, DEFAULT_PORTS.pubsub)
    .option(
      '--host <address>',
      'listen on another address, such as 0.0.0.0 for containers; whoever reaches it can use it',
      ipAddress,
    )
    .addOption(faultsOption('--faults'))
    .addOption(json())
    .action(async (options) => {
      const { pubsubCommand } = await import('./pubsub.ts');
      await pubsubCommand(options);
    });
};

const addPublish = (program: Command, env: Environment): void => {
  program
    .command('publish')
    .description(
      'check that a file holds an order or a payment, then send it; exits 2 if it could not be sent',
    )
    .addArgument(new Argument('<kind>', 'what the file holds').choices(MESSAGE_KINDS))
    .argument('<file>', 'a JSON file ("-": standard input)')
    .option('--anyway', 'send the file even if it is not valid; Tally dead-letters it as invalid', false)
    .addOption(json())
    .action(async (kind, file, options) => {
      const { publishCommand } = await import('./publish.ts');
      await publishCommand({ kind, file, ...options }, env);
    });
};

const addOrder = (program: Command, env: Environment): void => {
  program
    .command('order')
    .description(
      'show what the tables hold about one order; exits 1 if they hold nothing, 2 if it could not look',
    )
    .argument('<id>', 'the order id', idArgument('an order id'))
    .addOption(json())
    .action(async (orderId, options) => {
      const { orderCommand } = await import('./order.ts');
      await orderCommand({ orderId, ...options }, env);
    });
};

const addSimulate = (program: Command, env: Environment): void => {
  program
    .command('simulate')
    .description(
      'ask the simulator that `tally up` runs for traffic, and print its answer; exits 1 if not all was published',
    )
    .option('--url <url>', 'ask another simulator', httpUrl)
    .option(
      '--out <file>',
      'write the answer to a file, for `tally audit --expect`; a terminal then gets a summary',
    )
    .option(
      '--request <json>',
      'the body of the request, such as {"preset":"shop","orders":1000}; the simulator validates it',
      jsonObject,
      {},
    )
    .action(async (options) => {
      const { simulateCommand } = await import('./simulate.ts');
      await simulateCommand({ ...options, identityToken: env.TALLY_IDENTITY_TOKEN });
    });
};

const addConsole = (program: Command, env: Environment): void => {
  program
    .command('console')
    .description(
      'serve the live page of the environment that the variables name, on 127.0.0.1; for the system that ' +
        'runs here, say where its page is',
    )
    .option('--port <port>', 'where it listens', port, DEFAULT_PORTS.console)
    .addOption(json())
    .action(async (options) => {
      const { consoleCommand } = await import('./console.ts');
      await consoleCommand(options, env);
    });
};

const addMigrate = (program: Command, env: Environment): void => {
  program
    .command('migrate')
    .description('create the keyspace and its tables where they are missing; a second run changes nothing')
    .addOption(json())
    .action(async (options) => {
      const { migrateCommand } = await import('./migrate.ts');
      await migrateCommand(options, env);
    });
};

const addAudit = (program: Command, env: Environment): void => {
  program
    .command('audit')
    .description(
      'read all tables and report what they hold; exits 1 if a promise is broken or something is not as ' +
        'expected, 2 if it could not look, 3 if something is broken or in progress and it did not look for ' +
        'long enough to tell',
    )
    .option('--expect <file>', 'compare the tables with a simulator’s answer ("-": standard input)')
    .option(
      '--patience-seconds <seconds>',
      `how long to look again at what seems wrong; after ${IN_PROGRESS_MAX_MS / 1_000} seconds it counts as ` +
        'broken; with --expect, also how long to wait when nothing new comes in',
      wholeNumber(0, PATIENCE_SECONDS_MAX),
      5,
    )
    .option(
      '--settled',
      'no message is on its way, so what still seems wrong after that counts at once',
      false,
    )
    .option('--csv', 'print a row for each order, payment, finding and dead letter, for a spreadsheet', false)
    .addOption(json())
    .action(async (options) => {
      const { auditCommand } = await import('./audit.ts');
      await auditCommand(options, env);
    });
};

/** In the order in which the help lists them. */
const COMMANDS: readonly ((program: Command, env: Environment) => void)[] = [
  addUp,
  addDemo,
  addPubsub,
  addPublish,
  addOrder,
  addDlq,
  addOperations,
  addConsole,
  addSimulate,
  addMigrate,
  addAudit,
];
