import { NODES } from './schedule.ts';

/** A loopback address for each node: the driver tells nodes apart by address, and takes one port for all of them. */
export const ADDRESSES: readonly string[] = NODES.map((_, index) => `127.0.0.${index + 1}`);
