import { NODES } from './schedule.ts';

/**
 * One loopback address for each node. The driver needs one port for all nodes, and tells them apart by
 * address.
 */
export const ADDRESSES: readonly string[] = NODES.map((_, index) => `127.0.0.${index + 1}`);
