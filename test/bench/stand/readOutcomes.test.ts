import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { parseAcknowledged, readOutcomes } from '../../../bench/stand/readOutcomes.ts';

const setUp = async (text: string) => {
  const folder = await mkdtemp(join(tmpdir(), 'tally-outcomes-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, 'out');
  await writeFile(file, text);
  return { file, append: (more: string) => appendFile(file, more) };
};

const line = (consumer: string, settlement: string, outcome: string, findings = '[]'): string =>
  `{"logging.googleapis.com/labels":{"function":"${consumer}"},"settlement":"${settlement}",` +
  `"outcome":"${outcome}","findings":${findings},"message":"message settled"}\n`;

it('counts what consumers have settled, and what they tell', async () => {
  const { file, append } = await setUp(
    `${line('onOrder', 'ack', 'stored')}{"message":"draining"}\n${line('onPayment', 'ack', 'parked')}`,
  );
  const reader = await readOutcomes([file]);
  onTestFinished(() => reader.close());
  expect(await reader.read()).toEqual({ inputs: 2, retries: 0, told: 1, recorded: 0 });

  const half = line('onPayment', 'ack', 'matched', '["conflict"]');
  await append(line('onDlq', 'ack', 'recorded') + line('onOrder', 'retry', 'retry') + half.slice(0, 40));
  expect(await reader.read()).toEqual({ inputs: 2, retries: 1, told: 1, recorded: 1 });
  await append(half.slice(40));

  expect(await reader.read()).toEqual({ inputs: 3, retries: 1, told: 2, recorded: 1 });
});

it('counts no failed delivery of a dead letter, which is of no input topic, and records it once', async () => {
  const { file } = await setUp(line('onDlq', 'retry', 'retry') + line('onDlq', 'ack', 'recorded'));
  const reader = await readOutcomes([file]);
  onTestFinished(() => reader.close());

  expect(await reader.read()).toEqual({ inputs: 0, retries: 0, told: 0, recorded: 1 });
});

it('waits until the inputs and their dead letters are settled', async () => {
  const { file, append } = await setUp(line('onPayment', 'ack', 'parked'));
  const reader = await readOutcomes([file]);
  onTestFinished(() => reader.close());

  const settled = reader.untilSettled(1);
  await append(line('onDlq', 'ack', 'recorded'));

  expect(await settled).toMatchObject({ inputs: 1, recorded: 1 });
});

it('counts what the reference acknowledges', async () => {
  const { file } = await setUp('ready\nacknowledged 10\nacknowledged 3\n');
  const reader = await readOutcomes([file], parseAcknowledged);
  onTestFinished(() => reader.close());

  expect(await reader.read()).toMatchObject({ inputs: 13 });
});
