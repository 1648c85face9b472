import { join } from 'node:path';
import { startFunction } from '../../local/startFunction.ts';
import { FUNCTIONS, type TallyFunction } from '../../shared/topology.ts';
import { findSteadyPort } from './findSteadyPort.ts';
import { createTarget, type Target } from './target.ts';

interface FunctionsOptions {
  readonly env: Readonly<Record<string, string>>;
  /** An absolute path. */
  readonly logFolder: string;
  readonly onDeath: (error: unknown) => void;
  /**
   * Gets each log line of severity ERROR. A fault of the world is a WARNING, so an ERROR is a bug in Tally.
   */
  readonly onBug: (line: string) => void;
}

interface Functions {
  readonly targets: Readonly<Record<TallyFunction, Target>>;
  readonly urls: Readonly<Record<TallyFunction, string>>;
  readonly start: () => Promise<void>;
}

/** The four functions. Each is a process behind the Functions Framework, as it is when deployed. */
export const createFunctions = async (options: FunctionsOptions): Promise<Functions> => {
  const { env, logFolder, onDeath, onBug } = options;
  const ports = {
    onOrder: await findSteadyPort(),
    onPayment: await findSteadyPort(),
    onDlq: await findSteadyPort(),
    simulate: await findSteadyPort(),
  };
  const targetOf = (name: TallyFunction): Target => {
    let starts = 0;
    return createTarget(() => {
      starts += 1;
      return startFunction({
        name,
        port: ports[name],
        env,
        logFile: join(logFolder, `${name}-${starts}.log`),
        onLine: (line) => {
          if (/"severity":"(?:ERROR|CRITICAL)"/.test(line)) onBug(`${name}: ${line}`);
        },
      });
    }, onDeath);
  };
  const byName = <T>(toValue: (name: TallyFunction) => T): Record<TallyFunction, T> => ({
    onOrder: toValue('onOrder'),
    onPayment: toValue('onPayment'),
    onDlq: toValue('onDlq'),
    simulate: toValue('simulate'),
  });
  const targets = byName(targetOf);
  return {
    targets,
    urls: byName((name) => `http://127.0.0.1:${ports[name]}`),
    start: async () => {
      await Promise.all(FUNCTIONS.map((name) => targets[name].start()));
    },
  };
};
