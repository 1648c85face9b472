import { join } from 'node:path';
import { startMavenCassandra } from '../../local/cassandra/startMavenCassandra.ts';
import type { Progress } from '../../local/progress.ts';
import type { Environment } from '../../shared/config.ts';
import { planRing } from './planRing.ts';
import { NODES, type NodeName } from './schedule.ts';
import { createTarget, type Target } from './target.ts';

const HEAP_MIB = 384;

interface NodesOptions {
  /** An absolute path, for Cassandra's jars. */
  readonly downloadFolder: string;
  /** An absolute path. */
  readonly logFolder: string;
  /** An absolute path, for data. */
  readonly dataFolder: string;
  readonly env: Environment;
  readonly progress: Progress;
  readonly onDeath: (error: unknown) => void;
}

interface Nodes {
  readonly targets: Readonly<Record<NodeName, Target>>;
  /** The environment variables with which a function or a command reaches the nodes. */
  readonly env: Readonly<Record<string, string>>;
  /** Starts the first node, then the others. */
  readonly start: () => Promise<void>;
}

/** Three Cassandra nodes. Each has a replica of every row. */
export const createNodes = async (options: NodesOptions): Promise<Nodes> => {
  const { downloadFolder, logFolder, dataFolder, env, progress, onDeath } = options;
  const ring = await planRing(HEAP_MIB);
  const targetOf = (name: NodeName): Target => {
    let starts = 0;
    return createTarget(() => {
      starts += 1;
      return startMavenCassandra(
        {
          kind: 'maven',
          port: ring.port,
          place: ring.places[NODES.indexOf(name)],
          downloadFolder,
          logFolder: join(logFolder, `${name}-${starts}`),
          dataFolder: join(dataFolder, name),
          env,
          progress: () => {},
        },
        'chaos',
      );
    }, onDeath);
  };
  const targets = { node1: targetOf('node1'), node2: targetOf('node2'), node3: targetOf('node3') };
  return {
    targets,
    env: ring.env,
    start: async () => {
      progress({
        step: 'Cassandra',
        done: 0,
        total: NODES.length,
        detail: 'three nodes, about half a minute',
      });
      await targets.node1.start();
      progress({ step: 'Cassandra', done: 1, total: NODES.length });
      await Promise.all([targets.node2.start(), targets.node3.start()]);
      progress({ step: 'Cassandra', done: NODES.length, total: NODES.length });
    },
  };
};
