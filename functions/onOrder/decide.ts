import { newest } from '../../shared/domain/newest.ts';
import type { LedgerEntry } from '../../shared/store/store.ts';

type OrderDecision =
  | { readonly kind: 'wait' }
  | {
      readonly kind: 'attach';
      /** What the fact must show. */
      readonly payments: readonly LedgerEntry[];
      /** The payments whose dead letters are no longer open. */
      readonly parked: readonly LedgerEntry[];
    };

/** What an order that was just stored means for the payments that were there before it. */
export const decide = (ledger: readonly LedgerEntry[]): OrderDecision =>
  ledger.length === 0
    ? { kind: 'wait' }
    : { kind: 'attach', payments: newest(ledger), parked: ledger.filter(({ isParked }) => isParked) };
