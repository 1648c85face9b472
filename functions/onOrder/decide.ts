import { newest } from '../../shared/domain/newest.ts';
import type { LedgerEntry } from '../../shared/store/store.ts';

type OrderDecision =
  | { readonly kind: 'wait' }
  | {
      readonly kind: 'attach';
      /** The fact must show these: the newest payment, or all payments that tie as the newest. */
      readonly payments: readonly LedgerEntry[];
      /** The dead letters of these payments must be closed. */
      readonly parked: readonly LedgerEntry[];
    };

/** Decides what to do with the payments that came before their order, once that order is stored. */
export const decide = (ledger: readonly LedgerEntry[]): OrderDecision =>
  ledger.length === 0
    ? { kind: 'wait' }
    : { kind: 'attach', payments: newest(ledger), parked: ledger.filter(({ isParked }) => isParked) };
