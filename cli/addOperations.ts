import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Environment } from '../shared/config.ts';
import { FINDING_REASONS } from '../shared/domain/finding.ts';
import { retentionDaysMax } from '../shared/store/retention/retentionDaysMax.ts';
import { RETENTION_DAYS_MIN } from '../shared/store/retention/retentionDaysMin.ts';
import { DEAD_LETTER_TOPIC } from '../shared/topology.ts';
import { duration, moment } from './moment.ts';
import { because } from './because.ts';
import { deadLetterIds } from './dlq/filterOptions.ts';
import { idArgument } from './idArgument.ts';
import { wholeNumber } from './wholeNumber.ts';

const LISTED_MAX = 100_000;

const refs = (text: string, earlier: readonly string[] = []): readonly string[] => {
  if (/^[0-9a-f]{32}(?: [\w ]+)?$/.test(text)) return [...earlier, text];
  throw new InvalidArgumentError('Expected the "ref" of a finding, as "tally findings --json" prints it.');
};
const orderIds = (text: string, earlier: readonly bigint[] = []): readonly bigint[] => [
  ...earlier,
  idArgument('an order id')(text),
];
const retentionDays = (text: string): number => {
  const most = retentionDaysMax(Date.now());
  if (Number(text) > most) {
    throw new InvalidArgumentError(
      `Expected at most ${most}: Cassandra refuses what would expire after 2038-01-18, and dead letters must be recorded for two more years.`,
    );
  }
  return wholeNumber(RETENTION_DAYS_MIN, most)(text);
};
const yesOption = () => new Option('--yes', 'do it without asking, where nobody can be asked').default(false);
const jsonOption = () => new Option('--json', 'print JSON lines, for machines').default(false);

/** Adds the commands of an operator beside `tally dlq`. Each is loaded when it runs. */
export const addOperations = (program: Command, env: Environment): void => {
  addParked(program, env);
  addFindings(program, env);
  addHeal(program, env);
  addErase(program, env);
  addReplay(program, env);
  addRetention(program, env);
};

const addParked = (program: Command, env: Environment): void => {
  program
    .command('parked')
    .description(
      'list the payments that wait for their order, the oldest first; exits 2 if it could not look',
    )
    .option(
      '--older-than <duration>',
      'only those that have waited for longer, such as 90m or 7d',
      duration,
      0,
    )
    .option('--limit <number>', 'how many to list', wholeNumber(1, LISTED_MAX), 50)
    .addOption(jsonOption())
    .action(async (options) => {
      const { parkedCommand } = await import('./parked.ts');
      await parkedCommand(options, env);
    });
};

const addFindings = (program: Command, env: Environment): void => {
  const findings = program
    .command('findings')
    .description('list what a person must look at: conflict, changed, rivals, too_many; and resolve it');
  findings
    .command('ls', { isDefault: true })
    .description('list the findings that stand and that nobody has resolved; exits 2 if it could not look')
    .addOption(new Option('--reason <reasons...>', 'only with one of these reasons').choices(FINDING_REASONS))
    .option('--limit <number>', 'how many to list', wholeNumber(1, LISTED_MAX), 50)
    .addOption(jsonOption())
    .action(async (options) => {
      const { findingsCommand } = await import('./findings.ts');
      await findingsCommand(options, env);
    });
  findings
    .command('resolve')
    .description(
      'decide that the findings of orders have been dealt with, as they are listed before it asks; exits 1 if ' +
        'an order has none, if one changed meanwhile, or if not all could be resolved',
    )
    .argument('<order...>', 'the order ids', orderIds)
    .requiredOption('--because <words>', 'your reason', because)
    .addOption(new Option('--reason <reason>', 'only findings with this reason').choices(FINDING_REASONS))
    .option(
      '--ref <ref>',
      'only the finding that was seen with this "ref" in "tally findings --json"; may be given several times',
      refs,
    )
    .addOption(yesOption())
    .addOption(jsonOption())
    .action(async (ids, options) => {
      const { resolveCommand } = await import('./findings.ts');
      await resolveCommand({ orderIds: ids, ...options }, env);
    });
};

const addHeal = (program: Command, env: Environment): void => {
  program
    .command('heal')
    .description(
      'fold orders again and write what is missing; exits 1 if an order is unknown or still broken, or if it stopped half-way',
    )
    .argument('[order...]', 'the order ids', orderIds)
    .option('--audit <file>', 'all orders that "tally audit --json" found broken ("-": standard input)')
    .addOption(yesOption())
    .addOption(jsonOption())
    .action(async (ids, options) => {
      const { healCommand } = await import('./heal.ts');
      await healCommand({ orderIds: ids ?? [], ...options }, env);
    });
};

const addErase = (program: Command, env: Environment): void => {
  program
    .command('erase')
    .description(
      'take a person’s data away: customer, address and last digits of the card, and the payloads of dead ' +
        'letters; exits 1 if some is still there, or if what was named is unknown',
    )
    .option('--order <id>', 'in this order; may be given several times', orderIds)
    .option(
      '--customer <id>',
      'in all orders that name this customer; reads all tables',
      idArgument('a customer id'),
    )
    .option('--dead-letter <id>', 'in this invalid dead letter; may be given several times', deadLetterIds)
    .requiredOption('--because <words>', 'your reason; do not name the person', because)
    .addOption(yesOption())
    .addOption(jsonOption())
    .action(async (options) => {
      const { eraseCommand } = await import('./erase.ts');
      await eraseCommand(options, env);
    });
};

const addReplay = (program: Command, env: Environment): void => {
  program
    .command('replay')
    .description('print how to deliver the messages of a span again; with an emulator, do it')
    .requiredOption('--since <time>', 'what was published since: 90m, 7d, a day or a time', moment)
    .addOption(
      new Option('--topic <topic>', 'only of this input topic').choices(Object.keys(DEAD_LETTER_TOPIC)),
    )
    .addOption(yesOption())
    .addOption(jsonOption())
    .action(async (options) => {
      const { replayCommand } = await import('./replay.ts');
      await replayCommand(options, env);
    });
};

const addRetention = (program: Command, env: Environment): void => {
  program
    .command('retention')
    .description('show how long dead letters are kept, or set it')
    .option('--days <days>', 'keep those that are recorded from now on for so many days', retentionDays)
    .addOption(yesOption())
    .addOption(jsonOption())
    .action(async (options) => {
      const { retentionCommand } = await import('./retention.ts');
      await retentionCommand(options, env);
    });
};
