import { describe, expect, it } from 'vitest';
import type { Report } from '../../../shared/domain/deadLetter.ts';
import { FINDING_REASONS } from '../../../shared/domain/finding.ts';
import {
  findingAttribute,
  toDeadLetterAttributes,
  toReports,
} from '../../../shared/messaging/deadLetterAttributes.ts';
import { CARD } from '../../../proof/referenceMessages.ts';
import { PUBLISHED_AT_MS } from '../../support/messages/domain.ts';
import { event } from '../../support/messages/builders.ts';

const ID = 'f'.repeat(32);
const EVENT = event();

const finding = (changes: Partial<Report> = {}): Report => ({
  reason: 'conflict',
  error: 'order 1 is paid by 2 payments: 1001, 7',
  id: ID,
  sinceMs: PUBLISHED_AT_MS - 1_000,
  ...changes,
});

const ofEvent = (reason: 'invalid' | 'unmatched', error = 'early'): Report => ({
  reason,
  error,
  id: EVENT.eventId,
  sinceMs: EVENT.publishedAtMs,
});

const thereAndBack = (...reports: readonly Report[]) =>
  toReports(toDeadLetterAttributes(EVENT, reports), EVENT);

describe('reports, as attributes and back', () => {
  it.each([
    ofEvent('invalid', 'price: expected a number'),
    ofEvent('unmatched'),
    ...FINDING_REASONS.map((reason) => finding({ reason })),
  ])('are the same: $reason', (report) => {
    expect(thereAndBack(report)).toEqual([report]);
  });

  it('are the same for several findings, each with a sentence of its own', () => {
    const reports = FINDING_REASONS.map((reason, index) =>
      finding({ reason, error: `sentence ${index}`, id: String(index).repeat(32) }),
    );

    expect(thereAndBack(...reports)).toEqual(reports);
  });

  it('share the sentences of all, where a report has none of its own', () => {
    expect(thereAndBack(ofEvent('unmatched', 'early'), finding({ error: 'twice' }))).toEqual([
      ofEvent('unmatched', 'early; twice'),
      finding({ error: 'twice' }),
    ]);
  });

  it('say whether a card number was masked', () => {
    const attributes = [true, false].map((isRedacted) => toDeadLetterAttributes(event({ isRedacted }), []));

    expect(attributes.map((each) => each.tally_redacted)).toEqual(['card_number', undefined]);
  });

  it('say the size and the hash of a body that was cut', () => {
    const cuts = [{ bytes: 3_000_000, sha256: 'ab'.repeat(32) }, undefined];

    const attributes = cuts.map((cut) => toDeadLetterAttributes(event({ cut }), []));

    expect(attributes.map((each) => [each.tally_body_bytes, each.tally_body_sha256])).toEqual([
      ['3000000', 'ab'.repeat(32)],
      [undefined, undefined],
    ]);
  });

  it('hold no card number, however a sentence came by it', () => {
    const reports = [ofEvent('invalid', `bad ${CARD}`), finding({ error: `bad ${CARD}` })];

    expect(JSON.stringify(toDeadLetterAttributes(EVENT, reports))).not.toContain(CARD);
    expect(thereAndBack(...reports).map(({ error }) => error)).toEqual([
      'bad ************1111; bad ************1111',
      'bad ************1111',
    ]);
  });

  it('keep each attribute below the 1,024 bytes that Pub/Sub takes, in any script', () => {
    const reports = FINDING_REASONS.map((reason) => finding({ reason, error: '漢'.repeat(5_000) }));

    const attributes = toDeadLetterAttributes(EVENT, [ofEvent('unmatched', '漢'.repeat(5_000)), ...reports]);

    const sizes = Object.values(attributes).map((value) => Buffer.byteLength(value));
    expect(Math.max(...sizes)).toBeLessThanOrEqual(1_024);
    expect(sizes).toHaveLength(12);
    for (const { error } of toReports(attributes, EVENT)) expect(error).toMatch(/^漢+…$/);
  });
});

describe('reports that somebody else wrote', () => {
  const read = (attributes: Readonly<Record<string, string>>) => toReports(attributes, EVENT);
  const written = (changes: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> => ({
    tally_reason: 'conflict',
    tally_finding_conflict: JSON.stringify({
      id: ID,
      since: '2024-01-21T10:00:00.000Z',
      error: 'twice',
      ...changes,
    }),
  });

  it('are none without a reason', () => {
    expect(read({})).toEqual([]);
    expect(read({ tally_error: 'lost' })).toEqual([]);
  });

  it('are read without an error', () => {
    expect(read({ tally_reason: 'invalid' })).toEqual([ofEvent('invalid', '')]);
  });

  it('are read in one order, each once, without reasons that Tally does not know', () => {
    expect(
      read({ tally_reason: 'unmatched,boredom,invalid,unmatched,' }).map(({ reason }) => reason),
    ).toEqual(['invalid', 'unmatched']);
  });

  it('have masked errors of bounded length', () => {
    const [report] = read({ tally_reason: 'invalid', tally_error: `${CARD} ${'x'.repeat(2_000)}` });

    expect(report?.error).toMatch(/^\*{12}1111 x+…$/);
    expect(Buffer.byteLength(report?.error ?? '')).toBe(1_000);
    expect(read(written({ error: `${CARD} ${'x'.repeat(2_000)}` }))).toEqual([
      expect.objectContaining({ error: `************1111 ${'x'.repeat(480)}…` }),
    ]);
  });

  it('stand since the event’s own publish time at the latest', () => {
    expect(read(written({}))).toMatchObject([{ sinceMs: Date.parse('2024-01-21T10:00:00Z') }]);
    expect(read(written({ since: '2124-01-21T10:00:00Z' }))).toMatchObject([{ sinceMs: PUBLISHED_AT_MS }]);
  });

  it.each([
    ['another id', { id: 'F'.repeat(32) }],
    ['a short id', { id: 'f'.repeat(31) }],
    ['a long id', { id: 'f'.repeat(33) }],
    ['an id that is a number', { id: 1 }],
    ['an id in a list', { id: [ID] }],
    ['a time in a list', { since: ['2024-01-21T10:00:00.000Z'] }],
    ['no id', { id: undefined }],
    ['another time', { since: 'yesterday' }],
    ['a time that is a number', { since: 1 }],
    ['an error that is no text', { error: null }],
  ])('leave out a finding with %s', (_what, changes) => {
    expect(read(written(changes))).toEqual([]);
  });

  it.each(['', 'null', '17', '"text"', '[]', '{"id":'])('leave out a finding of %j', (json) => {
    expect(read({ tally_reason: 'conflict,unmatched', [findingAttribute('conflict')]: json })).toEqual([
      ofEvent('unmatched', ''),
    ]);
  });

  it('leave out a finding of which only the reason is there', () => {
    expect(read({ tally_reason: 'conflict' })).toEqual([]);
  });

  it('leave out a finding that no reason names', () => {
    expect(read({ ...written({}), tally_reason: 'unmatched' })).toEqual([ofEvent('unmatched', '')]);
  });
});
