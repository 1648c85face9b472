import { hash } from 'node:crypto';
import type { Finding } from '../domain/finding.ts';

const FINDING_ID_HEX_DIGITS = 32;

/**
 * The identity of a finding: the first 128 bits of a SHA-256 over the order, the reason and the ids that it
 * names, in hex. Later events that show the same finding give the same id.
 */
export const findingIdOf = (orderId: bigint, { reason, ids }: Pick<Finding, 'reason' | 'ids'>): string =>
  hash('sha256', [orderId, reason, ...ids].join('\n')).slice(0, FINDING_ID_HEX_DIGITS);

/** What a decision names that resolves a finding as it is now: its id, then its state where it has one. */
export const resolvedRefOf = (orderId: bigint, finding: Pick<Finding, 'reason' | 'ids' | 'state'>): string =>
  [findingIdOf(orderId, finding), finding.state].join(' ').trimEnd();
