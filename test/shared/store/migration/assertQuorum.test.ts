import { describe, expect, it } from 'vitest';
import type { Replication } from '../../../../shared/config.ts';
import { assertQuorum } from '../../../../shared/store/migration/assertQuorum.ts';

/** `'dc1+ dc1- dc2+'`: two nodes in dc1, of which one is up, and one in dc2. */
const clusterOf = (nodes: string) => ({
  localDataCenter: 'dc1',
  nodes: nodes.split(' ').map((node) => ({ dataCenter: node.slice(0, -1), isUp: node.endsWith('+') })),
});

const simple = (factor: number): Replication => ({ strategy: 'SimpleStrategy', factor });
const near = (factors: Readonly<Record<string, number>>): Replication => ({
  strategy: 'NetworkTopologyStrategy',
  factors,
});

describe('a quorum', () => {
  it.each([
    [near({ dc1: 1 }), 'dc1+'],
    [near({ dc1: 3 }), 'dc1+ dc1+ dc1+'],
    [near({ dc1: 3 }), 'dc1+ dc1+ dc1-'],
    [near({ dc1: 3, dc2: 3 }), 'dc1+ dc1+ dc1+ dc2-'],
    [simple(1), 'dc1+'],
    [simple(3), 'dc1+ dc1+ dc2-'],
  ])('of %j is reached by %s', (replication, nodes) => {
    expect(() => assertQuorum('shop', replication, clusterOf(nodes))).not.toThrow();
  });

  it.each([
    [near({ dc1: 3 }), 'dc1+', 'data centre dc1 has 1 node, too few for 3 replicas'],
    [near({ dc1: 3 }), 'dc1+ dc1+ dc2+', 'data centre dc1 has 2 nodes, too few for 3 replicas'],
    [
      near({ dc1: 3 }),
      'dc1+ dc1- dc1-',
      'LOCAL_QUORUM needs 2 of 3 replicas, and only 1 node of data centre dc1',
    ],
    [near({ dc1: 2 }), 'dc1+ dc1-', 'LOCAL_QUORUM needs 2 of 2 replicas, and only 1 node of data centre dc1'],
    [
      near({ dc2: 3 }),
      'dc1+ dc2+ dc2+ dc2+',
      'it has no replica in data centre dc1, where Tally reads and writes',
    ],
    [simple(2), 'dc1+', 'the cluster has 1 node, too few for 2 replicas'],
    [simple(3), 'dc1+ dc1- dc2-', 'LOCAL_QUORUM needs 2 of 3 replicas, and only 1 node of the cluster'],
  ])('of %j is not reached by %s', (replication, nodes, says) => {
    const assert = () => assertQuorum('shop', replication, clusterOf(nodes));

    expect(assert).toThrow(/^keyspace shop, replication \{'class': '\w+', .*\}: /);
    expect(assert).toThrow(says);
  });
});
