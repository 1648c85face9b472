import type { TallyFunction } from '../shared/topology.ts';
import { findDifferentPorts } from './ports.ts';

/** Where the parts of a local system listen. */
export interface LocalPorts {
  readonly cassandra: number;
  readonly pubsub: number;
  readonly functions: Readonly<Record<TallyFunction, number>>;
}

/** The ports of a system that others connect to. The functions listen on 8080 to 8083. */
export const DEFAULT_PORTS = { cassandra: 9042, pubsub: 8085, functions: 8080, console: 8090 } as const;

/** Free ports, for a system that runs beside others. */
export const findFreePorts = async (): Promise<LocalPorts> => {
  const [cassandra = 0, pubsub = 0, onOrder = 0, onPayment = 0, onDlq = 0, simulate = 0] =
    await findDifferentPorts(6);
  return { cassandra, pubsub, functions: { onOrder, onPayment, onDlq, simulate } };
};

/**
 * @param functions the first of four consecutive ports: for `onOrder`, `onPayment`, `onDlq` and `simulate`.
 */
export const portsFrom = (cassandra: number, pubsub: number, functions: number): LocalPorts => ({
  cassandra,
  pubsub,
  functions: { onOrder: functions, onPayment: functions + 1, onDlq: functions + 2, simulate: functions + 3 },
});
