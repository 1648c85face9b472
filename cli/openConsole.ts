import type { ConsoleDeps, LocalControls } from '../console/consoleDeps.ts';
import type { Place } from '../console/contract.ts';
import { describeTopology } from '../console/describeTopology.ts';
import type { Feed } from '../console/feed/feed.ts';
import type { SumsSource } from '../console/sums/liveSums.ts';
import type { AuditSource } from '../shared/store/auditSource.ts';
import { startConsole } from '../console/startConsole.ts';
import type { Config } from '../shared/config.ts';
import { openOperationsStore } from '../shared/store/openOperationsStore.ts';
import { openPublisher } from './openPublisher.ts';

interface OpenConsoleOptions {
  readonly config: Config;
  readonly port: number;
  /** What the page says about where it looks. */
  readonly place: Omit<Place, 'topology' | 'startedAtMs' | 'isLocal'>;
  readonly operator: string;
  readonly feed: Feed;
  /** What the spans of the functions say; undefined where none are sent to this page. */
  readonly traces?: ConsoleDeps['traces'];
  /** Makes the sums from the store that the console opens. */
  readonly sumsOf: (source: AuditSource) => SumsSource & { readonly stop: () => Promise<void> };
  /** Undefined for anything but the system that this process runs. */
  readonly local: LocalControls | undefined;
}

interface OpenedConsole {
  readonly url: string;
  /** Ends the connections of the page, and closes what the console had opened. */
  readonly stop: () => Promise<void>;
}

/** Serves the live page on 127.0.0.1, with a store and a publisher of its own. */
export const openConsole = async (options: OpenConsoleOptions): Promise<OpenedConsole> => {
  const { config, port, place, operator, feed, traces, sumsOf, local } = options;
  const store = await openOperationsStore(config.store);
  const publisher = openPublisher({ config });
  const sums = sumsOf(store);
  const close = async (): Promise<void> => {
    await sums.stop();
    await Promise.all([store.close(), publisher.close()]);
  };
  try {
    const page = await startConsole(
      {
        place: {
          ...place,
          isLocal: local !== undefined,
          startedAtMs: Date.now(),
          topology: describeTopology(),
        },
        store,
        publisher,
        operator,
        feed,
        traces,
        sums,
        clock: Date.now,
        local,
      },
      port,
    );
    return {
      url: page.url,
      stop: async () => {
        await page.stop();
        await close();
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
};
