import type { Job } from '../../deadLetterContract.ts';
import { readSubject } from '../../../shared/messaging/parseMessage.ts';
import type { SendPlan } from '../../../shared/operations/redrive.ts';
import type { OperationsStore } from '../../../shared/store/operationsStore.ts';
import type { DeadLetterRow, LedgerRow } from '../../../shared/store/auditSource.ts';

/** So many sent messages are followed, the first ones. Each takes about 300 bytes. */
const FOLLOWED_MAX = 10_000;
/** So many are looked for at once, and in one look. */
const LOOKS_AT_ONCE = 16;
const LOOKS_MAX = 256;

type Became = 'matched' | 'stored' | 'parked' | 'invalid again';
/** In the order in which the page shows them. */
const NAMES: readonly Became[] = ['matched', 'stored', 'parked', 'invalid again'];
const ON_ITS_WAY = 'on their way';

interface Sent {
  readonly row: DeadLetterRow;
  /** What the payload says today; undefined when it does not name an order. */
  readonly orderId: bigint | undefined;
  readonly redrives: number;
}

type FollowStore = Pick<OperationsStore, 'findLedger' | 'findDeadLetters'>;

interface SentFollower {
  readonly add: (row: DeadLetterRow, plan: SendPlan) => void;
  /** Looks for some of those that are on their way, in turn. @throws TransientError: they still are. */
  readonly look: () => Promise<void>;
  readonly isDone: () => boolean;
  readonly sum: () => Pick<NonNullable<Job['became']>, 'followed' | 'terms'>;
}

/**
 * Finds out what became of messages that were put back on their topics: in the ledger they are accepted, and
 * as the same dead letter with a higher count they are invalid again. Nothing is guessed from the time that
 * passed.
 * @param lookAgain called for each that is in the ledger now: a dead letter may stay open all the same.
 */
export const createSentFollower = (
  store: FollowStore,
  lookAgain: (row: DeadLetterRow) => Promise<void>,
): SentFollower => {
  const waiting = new Set<Sent>();
  let followed = 0;
  const counts = new Map<Became, number>();
  const lookFor = async (sent: Sent): Promise<void> => {
    const became = await becameOf(store, sent);
    // A look that failed goes on with what it had begun, so two may find the same one. It is counted once.
    if (!waiting.delete(sent)) return;
    // Those that were looked for stand last, so that the others have their turn.
    if (became === undefined) return void waiting.add(sent);
    counts.set(became, (counts.get(became) ?? 0) + 1);
    if (became !== 'invalid again') await lookAgain(sent.row);
  };
  return {
    add: (row, plan) => {
      if (followed >= FOLLOWED_MAX) return;
      followed += 1;
      const orderId = row.orderId ?? readSubject(plan.message.data).orderId;
      waiting.add({ row, orderId, redrives: plan.redrives });
    },
    look: async () => {
      const some = [...waiting].slice(0, LOOKS_MAX);
      for (let first = 0; first < some.length; first += LOOKS_AT_ONCE) {
        await Promise.all(some.slice(first, first + LOOKS_AT_ONCE).map(lookFor));
      }
    },
    isDone: () => waiting.size === 0,
    sum: () => ({
      followed,
      terms: [
        ...NAMES.map((name) => ({ name, count: counts.get(name) ?? 0 })),
        { name: ON_ITS_WAY, count: waiting.size },
      ],
    }),
  };
};

const becameOf = async (
  store: FollowStore,
  { row, orderId, redrives }: Sent,
): Promise<Became | undefined> => {
  if (orderId !== undefined) {
    const ledger = await store.findLedger(orderId);
    if (ledger.some(({ eventId }) => eventId === row.toldBy)) return outcomeOf(ledger);
  }
  const again = (await store.findDeadLetters(row)).find(({ reason }) => reason === row.reason);
  return row.reason === 'invalid' && (again?.redriveCount ?? 0) >= redrives ? 'invalid again' : undefined;
};

const outcomeOf = (ledger: readonly LedgerRow[]): Became => {
  if (!ledger.some(({ kind }) => kind === 'order')) return 'parked';
  return ledger.some(({ kind }) => kind === 'payment') ? 'matched' : 'stored';
};
