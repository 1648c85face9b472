import { describe, expect, it } from 'vitest';
import { orderBytes } from '../../../proof/referenceMessages.ts';
import { type DeadLetter, deadLetterKeyOf } from '../../../shared/domain/deadLetter.ts';
import { comparePlaces, type DeadLetterPlace, formatPlace } from '../../../shared/domain/deadLetterPlace.ts';
import { invalidLetter } from '../../support/commands/invalidLetter.ts';
import { useMemorySystem } from '../../support/commands/useMemorySystem.ts';
import { takeTerminal } from '../../support/commands/takeTerminal.ts';

const placeOf = (letter: DeadLetter): DeadLetterPlace => ({
  ...deadLetterKeyOf(letter),
  reason: letter.reason,
});
const byPlace = (a: DeadLetter, b: DeadLetter): number => comparePlaces(placeOf(a), placeOf(b));
const lettersOf = (...numbers: readonly number[]): readonly DeadLetter[] =>
  numbers.map((number) => invalidLetter(number)).toSorted(byPlace);
const CUT = { payloadSha256: 'f'.repeat(64) };

describe('tally dlq redrive', () => {
  const system = useMemorySystem();
  const redrive = (...words: readonly string[]) => system.run(['dlq', 'redrive', ...words]);
  const record = async (letters: readonly DeadLetter[]): Promise<void> => {
    for (const letter of letters) await system.store.recordDeadLetter(letter);
  };
  /** The ids of those that were sent. */
  const sent = async (letters: readonly DeadLetter[]): Promise<readonly string[]> => {
    const actions = await Promise.all(letters.map((one) => system.store.findActions(deadLetterKeyOf(one))));
    return letters
      .filter((_, index) => actions[index]?.some(({ kind }) => kind === 'redriven'))
      .map(({ id }) => id);
  };

  it('sends what was confirmed, and nothing that arrives while it asks', async () => {
    const [confirmed, late] = [
      lettersOf(1, 2, 3),
      lettersOf(...Array.from({ length: 40 }, (_, n) => 100 + n)),
    ];
    await record(confirmed);
    const screen = takeTerminal(async () => {
      await record(late);
      return 'y\n';
    });

    const printed = await redrive();

    expect(screen()).toContain('3 messages would be sent. Go on?');
    expect(printed).toContain('3 messages sent.');
    expect(await sent([...confirmed, ...late])).toEqual(confirmed.map(({ id }) => id));
  });

  it('asks about as many as it sends: what it would refuse or leave out is not among them', async () => {
    const [good, bad] = [lettersOf(1, 2), invalidLetter(3, { payload: orderBytes({ price: '"x"' }) })];
    await record([...good, bad]);
    const screen = takeTerminal(() => 'y\n');

    const printed = await redrive('--skip-invalid');

    expect(screen()).toContain('2 messages would be sent. Go on?');
    expect(printed).toContain('2 messages sent.\n1 message not sent: it would be invalid again');
    expect(await sent([...good, bad])).toEqual(good.map(({ id }) => id));
  });

  it('says in a dry run and before it asks what would be invalid again', async () => {
    const bad = invalidLetter(3, { payload: orderBytes({ price: '"x"' }) });
    await record([invalidLetter(1), bad]);
    const said = '1 of them would be invalid again: edit them, or leave them out with --skip-invalid.';
    takeTerminal(() => 'n\n');

    const printed = await redrive('--dry-run');
    const asked = await redrive().catch(() => '');

    expect(printed).toContain(`2 messages would be sent. Nothing was sent.\n${said}`);
    expect(printed).toMatch(new RegExp(`^send      ${bad.id} .*, invalid again$`, 'm'));
    expect(await sent([bad])).toEqual([]);
    expect(asked).not.toContain('sent.');
  });

  it('asks about no more than its limit, and says how to go on', async () => {
    const letters = lettersOf(1, 2, 3);
    await record(letters);
    const screen = takeTerminal(() => 'y\n');

    const printed = await redrive('--limit', '2');

    expect(screen()).toContain('2 messages would be sent. Go on?');
    expect(printed).toMatch(/2 messages sent\.\nThere may be more\. .* --limit 2 --after /);
    expect(await sent(letters)).toEqual(letters.slice(0, 2).map(({ id }) => id));
  });

  it('fails where not all could be sent, and sends the others', async () => {
    const [good, cut] = [invalidLetter(1), invalidLetter(2, CUT)];
    await record([good, cut]);

    const bulk = redrive('--yes');

    await expect(bulk).rejects.toMatchObject({
      name: 'NotAllSentError',
      message: '1 message could not be sent',
    });
    expect(await sent([good, cut])).toEqual([good.id]);
    await expect(redrive(cut.id, '--yes')).rejects.toThrow('1 message could not be sent');
    expect(await redrive(cut.id, '--dry-run')).toContain('0 messages would be sent.');
  });

  it('sends once what is named twice', async () => {
    const letter = invalidLetter(1);
    await record([letter]);

    const printed = await redrive(letter.id, letter.id, '--yes');

    expect(printed).toBe('1 message sent.');
    expect(await system.store.findActions(deadLetterKeyOf(letter))).toHaveLength(1);
    expect(await system.run(['dlq', 'history'])).toContain(`(id ${letter.id})`);
  });

  it('says of no id that it is unknown because an option leaves it out', async () => {
    const letters = lettersOf(1, 2);
    const [first, second] = letters.map(({ id }) => id);
    const [done] = letters.map(placeOf);
    await record(letters);
    if (first === undefined || second === undefined || done === undefined) throw new Error('expected two');

    expect(await redrive(first, second, '--yes', '--after', formatPlace(done))).toBe('1 message sent.');
    expect(await redrive(first, '--reason', 'unmatched', '--yes')).toBe('0 messages sent.');
    expect(await redrive(first, second, '--yes', '--limit', '1')).toContain('1 message sent.');
  });
});
