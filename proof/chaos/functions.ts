import { join } from 'node:path';
import { startFunction } from '../../local/startFunction.ts';
import { startWorker } from '../../local/startWorker.ts';
import type { TallyFunction } from '../../shared/topology.ts';
import { findSteadyPort } from './findSteadyPort.ts';
import type { ProcessName } from './schedule.ts';
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
  /** None of them runs before its start. */
  readonly targets: Readonly<Record<ProcessName, Target>>;
  readonly urls: Readonly<Record<TallyFunction, string>>;
}

/**
 * The four functions and the worker, each in a process. A function is behind the Functions Framework, as it
 * is when deployed.
 */
export const createFunctions = async (options: FunctionsOptions): Promise<Functions> => {
  const { env, logFolder, onDeath, onBug } = options;
  const ports = {
    onOrder: await findSteadyPort(),
    onPayment: await findSteadyPort(),
    onDlq: await findSteadyPort(),
    simulate: await findSteadyPort(),
  };
  const targetOf = (name: ProcessName): Target => {
    let starts = 0;
    return createTarget(() => {
      starts += 1;
      const common = {
        env,
        logFile: join(logFolder, `${name}-${starts}.log`),
        onLine: (line: string): void => {
          if (/"severity":"(?:ERROR|CRITICAL)"/.test(line)) onBug(`${name}: ${line}`);
        },
      };
      return name === 'worker' ? startWorker(common) : startFunction({ name, port: ports[name], ...common });
    }, onDeath);
  };
  const byName = <T>(toValue: (name: TallyFunction) => T): Record<TallyFunction, T> => ({
    onOrder: toValue('onOrder'),
    onPayment: toValue('onPayment'),
    onDlq: toValue('onDlq'),
    simulate: toValue('simulate'),
  });
  return {
    targets: { ...byName(targetOf), worker: targetOf('worker') },
    urls: byName((name) => `http://127.0.0.1:${ports[name]}`),
  };
};
