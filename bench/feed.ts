import { setImmediate as nextTurn } from 'node:timers/promises';
import { Command } from 'commander';
import { runCommand } from '../cli/runCommand.ts';
import { createLocalFeed } from '../console/feed/localFeed.ts';
import { tellFeed, type ToldMessage, toldMessage } from './toldMessage.ts';

/** At 2,000 messages a second, a frame each 250 ms. */
const MESSAGES_PER_FRAME = 500;
const MESSAGES = 200_000;
const ROUNDS = 5;

/**
 * `npm run bench:feed`: what the feed of the console costs for each message, with one page that looks. Each
 * message is enqueued, leased and acked, and has its outcome line, as in a running system. It prints the
 * processor time of each round and of the best one, in microseconds a message.
 */
const main = async (): Promise<void> => {
  // Made before the clock runs: making them is not the feed's work.
  const told = Array.from({ length: MESSAGES }, (_, index) =>
    toldMessage(index, Date.now() + Math.floor(index / 100)),
  );
  const rounds: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) rounds.push(await costOf(told));
  console.log(`processor time a message: ${rounds.map((cost) => `${cost.toFixed(1)} µs`).join(', ')}`);
  console.log(`the best of ${ROUNDS} rounds of ${MESSAGES} messages: ${Math.min(...rounds).toFixed(1)} µs`);
};

const costOf = async (told: readonly ToldMessage[]): Promise<number> => {
  const feed = createLocalFeed({ clock: Date.now, isWitnessed: true });
  const reader = feed.open({ text: '', topic: '', outcomes: [] });
  const before = process.cpuUsage();
  let bytes = 0;
  for (const [index, one] of told.entries()) {
    tellFeed(feed, one);
    if (index % MESSAGES_PER_FRAME !== 0) continue;
    bytes += JSON.stringify(reader.next()).length;
    // Its timer chooses the sampling.
    await nextTurn();
  }
  const { user, system } = process.cpuUsage(before);
  feed.stop();
  if (bytes === 0) throw new Error('no frame was made');
  return (user + system) / told.length;
};

const program = new Command('bench:feed')
  .description('Measures what the feed of the live page costs for each message.')
  .action(main);

await runCommand(program);
