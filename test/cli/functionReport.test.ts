import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createFunctionReport } from '../../cli/functionReport.ts';

const INVALID = {
  severity: 'INFO',
  message: 'message settled',
  settlement: 'reject',
  outcome: 'invalid',
  error: 'quantity: expected a whole number, got 0',
  order_id: '17',
};

const reporting = () => {
  const lines: string[] = [];
  const report = createFunctionReport({
    logFolder: join(process.cwd(), '.tally/logs'),
    write: (line) => void lines.push(line),
  });
  const log = (name: string, fields: object): void => report.onLine(name, JSON.stringify(fields));
  return { lines, report, log };
};

describe('what a function says on the screen of "npm start"', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('is one line for a poison message: what is wrong, and where its order shows it', () => {
    const { lines, log } = reporting();

    log('onOrder', INVALID);

    expect(lines).toEqual([
      'onOrder: invalid, see npx tally order 17: quantity: expected a whole number, got 0',
    ]);
  });

  it('names the log where nobody could read an order id', () => {
    const { lines, log } = reporting();

    log('onPayment', { ...INVALID, order_id: null, error: 'body: expected a JSON object' });

    expect(lines).toEqual([
      'onPayment: invalid, see .tally/logs/onPayment.log: body: expected a JSON object',
    ]);
  });

  it('is one line for a warning or an error, with its cause', () => {
    const { lines, log } = reporting();

    log('onOrder', {
      severity: 'WARNING',
      message: 'message settled',
      error: 'no answer',
      error_cause: 'down',
    });
    log('onDlq', { severity: 'ERROR', message: 'push not understood' });

    expect(lines).toEqual([
      'onOrder: warning, see .tally/logs/onOrder.log: message settled: no answer: down',
      'onDlq: error, see .tally/logs/onDlq.log: push not understood',
    ]);
  });

  it('is nothing for a message that was accepted, for a dead letter that was recorded, or for other text', () => {
    const { lines, report, log } = reporting();

    log('onOrder', { ...INVALID, outcome: 'recorded', error: null });
    log('onDlq', { ...INVALID, outcome: 'recorded', reason: 'invalid', error: null });
    for (const text of ['', 'Error: a bug', '{"severity":', '{"severity":1}', 'null'])
      report.onLine('onDlq', text);

    expect(lines).toEqual([]);
  });

  it('obeys nothing that is in a line, and is never longer than 500 characters', () => {
    const { lines, log } = reporting();

    log('onOrder', { ...INVALID, error: `\u001b[2J${'a'.repeat(1_000)}` });

    expect(lines[0]).toContain(String.raw`\u{1b}[2J`);
    expect(lines[0]).toHaveLength(499);
  });

  it('keeps an order id that looks like a card number, so that the command works', () => {
    const { lines, log } = reporting();

    log('onOrder', { ...INVALID, order_id: '4111111111111111', error: 'a'.repeat(1_000) });

    expect(lines[0]).toContain('see npx tally order 4111111111111111: aaa');
  });

  it('is at most five lines of a kind in ten seconds, then how many more there were', () => {
    const { lines, log } = reporting();

    for (let message = 0; message < 1_000; message += 1) log('onOrder', INVALID);
    log('onPayment', INVALID);
    log('onOrder', { severity: 'ERROR', message: 'push not understood' });
    expect(lines.filter((line) => line.startsWith('onOrder: invalid'))).toHaveLength(5);
    expect(lines).toHaveLength(7);
    vi.advanceTimersByTime(10_000);
    log('onOrder', INVALID);

    expect(lines.slice(7)).toEqual([
      'onOrder: 995 more (invalid), see .tally/logs/onOrder.log',
      'onOrder: invalid, see npx tally order 17: quantity: expected a whole number, got 0',
    ]);
  });

  it('says at the end how many more there were, once', () => {
    const { lines, report, log } = reporting();
    for (let message = 0; message < 7; message += 1) log('onOrder', INVALID);

    report.end();
    report.end();
    vi.advanceTimersByTime(20_000);

    expect(lines.slice(5)).toEqual(['onOrder: 2 more (invalid), see .tally/logs/onOrder.log']);
  });
});
