import { createQuietFeed } from '../console/feed/quietFeed.ts';
import { createQuietSums } from '../console/sums/quietSums.ts';
import { assertPortFree } from '../local/ports.ts';
import type { Environment } from '../shared/config.ts';
import { couldNotBegin } from './couldNotBegin.ts';
import { openCloud } from './openCloud.ts';
import { openConsole } from './openConsole.ts';
import { operatorOf } from './operatorOf.ts';
import { isRunningSystemUsed, readRunFile } from './runFile.ts';
import { chooseTarget, partsOf } from './target.ts';
import { toJsonLine } from './toJsonLine.ts';
import { waitForInterrupt } from './waitForInterrupt.ts';

interface ConsoleCommandOptions {
  readonly port: number;
  readonly json: boolean;
}

/**
 * Serves the live page for the environment that the variables name, until a signal comes. The system that
 * runs here has its page already, so then the command says its address and ends.
 * @throws UnableError when the target is not clear, or the port is taken.
 */
export const consoleCommand = async (
  { port, json }: ConsoleCommandOptions,
  env: Environment,
): Promise<void> => {
  const say = (url: string, sentence: string): void =>
    console.log(json ? toJsonLine({ event: 'ready', console: url }) : sentence);
  const running = isRunningSystemUsed(env) ? await readRunFile().catch(couldNotBegin) : undefined;
  if (running !== undefined) {
    return say(running.console, `The system that runs here has its page at ${running.console}`);
  }
  const { interrupted, orInterrupted } = waitForInterrupt();
  const operator = operatorOf(env);
  // The page redrives and heals, so all that a command has to name that does so has to be named.
  const { config } = await chooseTarget(env, { writes: true, publishes: true, json }).catch(couldNotBegin);
  const { project, environment, keyspace, cluster, pubsub } = partsOf(config, true);
  await assertPortFree(port, 'the console', '--port').catch(couldNotBegin);
  const cloud =
    config.pubsubEmulatorHost === undefined && project !== null
      ? await openCloud(project, config)
      : undefined;
  const page = await orInterrupted(
    openConsole({
      config,
      port,
      place: {
        environment: environment ?? 'default',
        project: project ?? 'unknown',
        keyspace: keyspace ?? 'none',
        cluster,
        pubsub: pubsub ?? 'none',
      },
      operator,
      feed: cloud?.feed ?? createQuietFeed(Date.now),
      sumsOf: () => cloud?.sums ?? createQuietSums(),
      local: undefined,
    }),
  );
  try {
    say(page.url, `The page is at ${page.url}\nCtrl-C stops it.`);
    await interrupted;
  } finally {
    // It ends what Google is asked at the moment, so that the page need not wait for it.
    await cloud?.stop();
    await page.stop();
  }
};
