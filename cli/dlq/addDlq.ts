import { type Command, Option } from 'commander';
import type { Environment } from '../../shared/config.ts';
import { GROUPINGS } from '../../shared/operations/listDeadLetters.ts';
import { because } from '../because.ts';
import { wholeNumber } from '../wholeNumber.ts';
import { addFilterOptions, deadLetterId, deadLetterIds } from './filterOptions.ts';
import { place } from './place.ts';

const ROWS_MAX = 1_000;
const PAGE_MAX = 1_000;
const RATE_MAX = 5_000;
const LIMIT_MAX = 1_000_000;
/** So many are chosen before the first is discarded. */
const DISCARDS_MAX = 10_000;
const DAYS_MAX = 366;

/** Adds `tally dlq` with its subcommands. A subcommand is loaded when it runs. */
export const addDlq = (program: Command, env: Environment): void => {
  const dlq = program.command('dlq').description('list, show, redrive, edit and discard dead letters');
  addLs(dlq, env);
  addShow(dlq, env);
  addRedrive(dlq, env);
  addEdit(dlq, env);
  addDiscard(dlq, env);
  addHistory(dlq, env);
};

const addLs = (dlq: Command, env: Environment): void => {
  const command = dlq
    .command('ls')
    .description('list dead letters, and count them by group; exits 2 if it could not look');
  addFilterOptions(command, 'any')
    .addOption(new Option('--by <group>', 'what to count by').choices(GROUPINGS).default(GROUPINGS[0]))
    .addOption(
      new Option('--sort <order>', 'which come first')
        .choices(['newest', 'oldest'] as const)
        .default('newest'),
    )
    .option('--limit <rows>', 'how many a page has', wholeNumber(0, ROWS_MAX), 20)
    .option('--page <number>', 'which page', wholeNumber(1, PAGE_MAX), 1)
    .option('--json', 'print JSON lines, which is the default where standard output is no terminal')
    .option('--no-json', 'print a table there, too')
    .action(async (options) => {
      const { lsCommand } = await import('./ls.ts');
      await lsCommand(options, env);
    });
};

const addShow = (dlq: Command, env: Environment): void => {
  dlq
    .command('show')
    .description(
      'show a dead letter: its payload, what was done with it, and its order; exits 1 if there is none',
    )
    .argument('<id>', 'the id of the dead letter', deadLetterId)
    .option('--json', 'print JSON, for machines', false)
    .action(async (id, options) => {
      const { showCommand } = await import('./show.ts');
      await showCommand({ id, ...options }, env);
    });
};

const yesOption = () => new Option('--yes', 'do it without asking, where nobody can be asked').default(false);
const jsonOption = () => new Option('--json', 'print JSON, for machines').default(false);

const addRedrive = (dlq: Command, env: Environment): void => {
  const command = dlq
    .command('redrive')
    .description(
      'put the events of dead letters back on their input topics; each stays the same event; ' +
        'exits 1 if an id is unknown or not all could be sent, 2 if it could not begin, 130 if Ctrl-C stopped it',
    )
    .argument('[id...]', 'single dead letters, or none: then all open ones of the filter', deadLetterIds);
  addFilterOptions(command, 'open; with ids: any')
    .option('--dry-run', 'say exactly what would be sent, and send nothing', false)
    .option('--rate <messages>', 'the most messages a second', wholeNumber(1, RATE_MAX), 50)
    .option('--limit <messages>', 'the most messages', wholeNumber(1, LIMIT_MAX), 1_000)
    .option('--skip-invalid', 'leave out what the schema of today refuses again', false)
    .option('--after <place>', 'go on behind the place that an earlier run printed', place)
    .option('--because <words>', 'your reason, for the history', because)
    .addOption(yesOption())
    .addOption(jsonOption())
    .action(async (ids, options) => {
      const { redriveCommand } = await import('./redrive.ts');
      await redriveCommand({ ids: ids ?? [], ...options }, env);
    });
};

const addEdit = (dlq: Command, env: Environment): void => {
  dlq
    .command('edit')
    .description(
      'correct the payload of a dead letter and publish it as a new event; exits 1 if there is none, 2 if ' +
        'it could not: then nothing was sent, unless the last line says that it was, or may have been',
    )
    .argument('<id>', 'the id of the dead letter', deadLetterId)
    .option('--file <file>', 'the corrected body ("-": standard input); without it, EDITOR opens the payload')
    .option('--because <words>', 'your reason, for the history', because)
    .addOption(yesOption())
    .addOption(jsonOption())
    .action(async (id, options) => {
      const { editCommand } = await import('./edit.ts');
      await editCommand({ id, ...options }, env);
    });
};

const addDiscard = (dlq: Command, env: Environment): void => {
  const command = dlq
    .command('discard')
    .description(
      'decide that nobody has to look at open dead letters any more, nor at payments that wait for --order; ' +
        'exits 1 if an id has no open one or not all could be discarded, 2 if it could not begin, 130 if ' +
        'Ctrl-C stopped it',
    )
    .argument('[id...]', 'single dead letters, or none: then all open ones of the filter', deadLetterIds);
  addFilterOptions(command, 'open')
    .requiredOption('--because <words>', 'your reason', because)
    .option('--limit <number>', 'the most dead letters', wholeNumber(1, DISCARDS_MAX), 1_000)
    .addOption(yesOption())
    .addOption(jsonOption())
    .action(async (ids, options) => {
      const { discardCommand } = await import('./discard.ts');
      await discardCommand({ ids: ids ?? [], ...options }, env);
    });
};

const addHistory = (dlq: Command, env: Environment): void => {
  dlq
    .command('history')
    .description('list what operators did: when, who, with which filter, and what came of it')
    .option('--days <days>', 'how many days, today included', wholeNumber(1, DAYS_MAX), 7)
    .addOption(jsonOption())
    .action(async (options) => {
      const { historyCommand } = await import('./history.ts');
      await historyCommand(options, env);
    });
};
