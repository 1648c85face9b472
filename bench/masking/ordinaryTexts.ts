import type { Random } from '../../functions/simulate/random.ts';
import { fill, withCheckDigit } from './writeCard.ts';

type Write = (random: Random) => string;

const FROM_MS = Date.UTC(2000);
const TO_MS = Date.UTC(2040) - 1;

const digits = (count: number, random: Random): string => fill('', count, random);
const timeMs = (random: Random): number =>
  random.integer(FROM_MS / 1000, Math.floor(TO_MS / 1000)) * 1000 + random.integer(0, 999);
const isoTime = (random: Random): string => new Date(timeMs(random)).toISOString();
const hex = (count: number, random: Random): string =>
  Array.from({ length: count }, () => random.integer(0, 15).toString(16)).join('');
const letters = (count: number, random: Random): string =>
  Array.from({ length: count }, () => String.fromCharCode(65 + random.integer(0, 25))).join('');

const usPhone: Write = (random) =>
  `${random.pick(['+1 ', '', '1-'])}${random.integer(201, 989)}-${random.integer(200, 999)}-${digits(4, random)}`;

/** An IBAN with right check digits, in one piece or in groups of four. */
const iban = (country: string, account: string, random: Random): string => {
  const number = `${account}${country}00`.replaceAll(/[A-Z]/g, (letter) => String(letter.charCodeAt(0) - 55));
  const check = String(98n - (BigInt(number) % 97n)).padStart(2, '0');
  const whole = `${country}${check}${account}`;
  return random.chance(0.5) ? whole : (whole.match(/.{1,4}/g) ?? []).join(' ');
};

/** The check digit of an EAN-13 and an ISBN-13. */
const ean13 = (prefix: string, random: Random): string => {
  const body = fill(prefix, 12, random);
  const sum = body
    .split('')
    .reduce((total, digit, place) => total + Number(digit) * (place % 2 === 0 ? 1 : 3), 0);
  return `${body}${(10 - (sum % 10)) % 10}`;
};

/** Texts that are no card numbers, by what they are: how one is written at random. */
export const ORDINARY_TEXTS: Readonly<Record<string, Write>> = {
  'time in seconds': (random) => String(Math.floor(timeMs(random) / 1000)),
  'time in milliseconds': (random) => String(timeMs(random)),
  'time in microseconds': (random) => `${timeMs(random)}${digits(3, random)}`,
  'ISO time': isoTime,
  'compact date': (random) =>
    isoTime(random)
      .replaceAll(/[^0-9]/g, '')
      .slice(0, random.pick([8, 14, 17])),
  'US phone': usPhone,
  'international phone': (random) =>
    `+${random.integer(20, 998)} ${digits(3, random)} ${digits(4, random)} ${digits(4, random)}`,
  'US address with ZIP+4 and phone': (random) =>
    `${random.integer(1, 9999)} Main St, Springfield ${digits(5, random)}-${digits(4, random)} ${usPhone(random)}`,
  'German address': (random) =>
    `Hauptstr. ${random.integer(1, 300)}, ${digits(5, random)} Berlin, 030 ${digits(8, random)}`,
  'French address': (random) =>
    `${random.integer(1, 300)} rue de la Paix, ${digits(5, random)} Paris, 01 ${digits(2, random)} ${digits(2, random)} ${digits(2, random)} ${digits(2, random)}`,
  'British address': (random) =>
    `${random.integer(1, 300)} High St, SW1A 1AA, 020 ${digits(4, random)} ${digits(4, random)}`,
  'Japanese address': (random) =>
    `〒${digits(3, random)}-${digits(4, random)} ${random.integer(1, 9)}-${random.integer(1, 30)}-${random.integer(1, 30)} 03-${digits(4, random)}-${digits(4, random)}`,
  'UPS tracking number': (random) =>
    `1Z${letters(1, random)}${digits(2, random)}${letters(1, random)}${digits(12, random)}`,
  'USPS tracking number': (random) => {
    const number = fill(random.pick(['9400', '9205', '9361']), 22, random);
    return random.chance(0.5) ? number : (number.match(/.{1,4}/g) ?? []).join(' ');
  },
  'FedEx tracking number': (random) => random.pick([digits(12, random), fill('96', 22, random)]),
  'postal tracking number': (random) => `${letters(2, random)}${digits(9, random)}${letters(2, random)}`,
  IMEI: (random) => withCheckDigit(fill(random.pick(['01', '35', '86', '99']), 14, random)),
  'EAN-13': (random) => ean13(random.pick(['00', '30', '40', '45', '50', '69', '76', '84', '93']), random),
  'ISBN-13': (random) => {
    const isbn = ean13(random.pick(['978', '979']), random);
    return random.chance(0.5)
      ? isbn
      : `${isbn.slice(0, 3)}-${isbn.slice(3, 4)}-${isbn.slice(4, 8)}-${isbn.slice(8, 12)}-${isbn.slice(12)}`;
  },
  'German IBAN': (random) => iban('DE', digits(18, random), random),
  'French IBAN': (random) => iban('FR', digits(23, random), random),
  'British IBAN': (random) => iban('GB', `NWBK${digits(14, random)}`, random),
  'Danish IBAN': (random) => iban('DK', digits(14, random), random),
  'Belgian IBAN': (random) => iban('BE', digits(12, random), random),
  UUID: (random) =>
    `${hex(8, random)}-${hex(4, random)}-4${hex(3, random)}-${random.pick(['8', '9', 'a', 'b'])}${hex(3, random)}-${hex(12, random)}`,
  'SHA-256': (random) => hex(64, random),
  'order number': (random) =>
    random.pick([
      `${digits(3, random)}-${digits(7, random)}-${digits(7, random)}`,
      `#${digits(6, random)}`,
      digits(10, random),
      `PO-2026-${digits(8, random)}`,
    ]),
  'shop id': (random) => fill(random.pick(['5', '6', '7']), 13, random),
};
