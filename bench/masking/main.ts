import { Command, Option } from 'commander';
import { runCommand } from '../../cli/runCommand.ts';
import { wholeNumber } from '../../cli/wholeNumber.ts';
import { createStream } from '../../functions/simulate/random.ts';
import { maskCardNumbers } from '../../shared/masking/maskCardNumbers.ts';
import { ORDINARY_TEXTS } from './ordinaryTexts.ts';
import { CARD_NETWORKS, writeCard } from './writeCard.ts';

const SEED = 17;
const HARMED_SHARE_MAX = 0.001;
const TEXTS_MAX = 10_000_000;

/** @throws Error when a kind is above its limit. */
const measure = (count: number): void => {
  let isRight = true;
  const print = (name: string, hits: number, isWithin: boolean): void => {
    isRight &&= isWithin;
    console.log(`${isWithin ? ' ' : '!'} ${name.padEnd(34)} ${String(hits).padStart(8)} of ${count}`);
  };
  console.log('ordinary texts that masking changes:');
  for (const [place, [kind, write]] of Object.entries(ORDINARY_TEXTS).entries()) {
    const random = createStream(1, SEED, place);
    let harmed = 0;
    for (let nth = 0; nth < count; nth += 1) {
      const text = write(random);
      if (maskCardNumbers(text) !== text) harmed += 1;
    }
    print(kind, harmed, harmed <= count * HARMED_SHARE_MAX);
  }
  console.log('card numbers that masking misses:');
  for (const [place, network] of CARD_NETWORKS.entries()) {
    const random = createStream(2, SEED, place);
    let missed = 0;
    for (let nth = 0; nth < count; nth += 1) {
      const { text, digits } = writeCard(network, random);
      const shown = maskCardNumbers(text).replaceAll(/[^0-9]/g, '');
      if (shown.includes(digits.slice(0, -4))) missed += 1;
    }
    print(network, missed, missed === 0);
  }
  if (!isRight) throw new Error('a kind is above its limit: its line begins with !');
};

const program = new Command('bench:masking')
  .description('Measures how often masking harms an ordinary text, and how often it misses a card number.')
  .addOption(
    new Option('--texts <count>', 'texts of each kind').argParser(wholeNumber(1, TEXTS_MAX)).default(100_000),
  )
  .addHelpText(
    'after',
    '\nExits 1 when more than 1 in 1,000 texts of a kind are changed, or when a card number is missed.',
  )
  .action(({ texts }: { readonly texts: number }) => measure(texts));

await runCommand(program);
