import { parseArgs } from 'node:util';
import { createStream } from '../../functions/simulate/random.ts';
import { maskCardNumbers } from '../../shared/masking/maskCardNumbers.ts';
import { ORDINARY_TEXTS } from './ordinaryTexts.ts';
import { CARD_NETWORKS, writeCard } from './writeCard.ts';

const HELP = `Measures how often masking harms an ordinary text, and how often it misses a card number.

  npm run bench:masking [-- --texts N]   N texts of each kind, 100000 when left out

Exits 1 when more than 1 in 1,000 texts of a kind are changed, or when a card number is missed.`;

const SEED = 17;
const HARMED_SHARE_MAX = 0.001;
const TEXTS_MAX = 10_000_000;

const { values } = parseArgs({
  options: { texts: { type: 'string', default: '100000' }, help: { type: 'boolean', default: false } },
});
const texts = Number(values.texts);
if (values.help) console.log(HELP);
else if (!Number.isInteger(texts) || texts < 1 || texts > TEXTS_MAX) {
  console.error(`--texts: expected a whole number from 1 to ${TEXTS_MAX}, got ${values.texts}`);
  process.exitCode = 2;
} else process.exitCode = measure(texts) ? 0 : 1;

/** @returns whether no kind is above its limit. */
function measure(count: number): boolean {
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
  return isRight;
}
