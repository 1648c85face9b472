import type { Random } from '../../functions/simulate/random.ts';

/** A card network: how its numbers begin, their length, and how its cards are printed. */
interface Issue {
  readonly network: string;
  readonly prefixes: readonly string[];
  readonly length: number;
  readonly groups: readonly number[];
}

const FOURS = [4, 4, 4, 4] as const;

/** Cards of eight networks, as they are in people's pockets. This is not the list of the product. */
const ISSUES: readonly Issue[] = [
  { network: 'Visa', prefixes: ['4'], length: 16, groups: FOURS },
  { network: 'Visa, 19 digits', prefixes: ['4'], length: 19, groups: [...FOURS, 3] },
  { network: 'Mastercard', prefixes: ['51', '53', '55', '2221', '2500', '2720'], length: 16, groups: FOURS },
  { network: 'American Express', prefixes: ['34', '37'], length: 15, groups: [4, 6, 5] },
  { network: 'Discover', prefixes: ['6011', '644', '649', '65'], length: 16, groups: FOURS },
  { network: 'Diners Club', prefixes: ['300', '305', '36', '38', '39'], length: 14, groups: [4, 6, 4] },
  { network: 'JCB', prefixes: ['3528', '3540', '3589'], length: 16, groups: FOURS },
  { network: 'UnionPay', prefixes: ['62', '81'], length: 16, groups: FOURS },
  { network: 'UnionPay, 19 digits', prefixes: ['62'], length: 19, groups: [...FOURS, 3] },
  { network: 'Maestro', prefixes: ['5018', '5020', '6304', '6759', '6761'], length: 16, groups: FOURS },
];

export const CARD_NETWORKS: readonly string[] = ISSUES.map(({ network }) => network);

const SEPARATORS = ['', ' ', '-', '\u00a0', '\u2009', '\u2013', '\u2212', '\u200b'];
const AROUND = [
  ['', ''],
  ['card ', ', please'],
  ['x', 'y'],
  ['', ' 12/27 123'],
  ['2 ', ''],
  ['PAN:', ';'],
] as const;

/** A card number of a network, with a right check digit, as a person writes it in a text. */
export const writeCard = (network: string, random: Random): { text: string; digits: string } => {
  const issue = ISSUES.find((one) => one.network === network);
  if (issue === undefined) throw new Error(`no card network ${network}`);
  const [first = '4', ...others] = issue.prefixes;
  const digits = withCheckDigit(fill(random.pick([first, ...others]), issue.length - 1, random));
  const sign = random.pick(SEPARATORS as [string, ...string[]]);
  const [before, after] = random.pick([...AROUND] as [(typeof AROUND)[number], ...(typeof AROUND)[number][]]);
  return { text: `${before}${group(digits, issue.groups).join(sign)}${after}`, digits };
};

/** The prefix, then random digits up to the length. */
export const fill = (prefix: string, length: number, random: Random): string => {
  let digits = prefix;
  while (digits.length < length) digits += String(random.integer(0, 9));
  return digits;
};

const group = (digits: string, sizes: readonly number[]): string[] => {
  let at = 0;
  return sizes.map((size) => digits.slice(at, (at += size)));
};

/** Luhn's check digit from a table of doubled digits. The product computes it by arithmetic. */
const DOUBLED = [0, 2, 4, 6, 8, 1, 3, 5, 7, 9];
export const withCheckDigit = (digits: string): string => {
  const sum = digits
    .split('')
    .toReversed()
    .reduce(
      (total, digit, place) => total + (place % 2 === 0 ? (DOUBLED[Number(digit)] ?? 0) : Number(digit)),
      0,
    );
  return `${digits}${(10 - (sum % 10)) % 10}`;
};
