/**
 * The JSON about dead letters between the server and the page. A `place` is the full key of a dead letter as
 * a text, such as `2026-11-24/495/0123…/invalid`.
 */

/** Which dead letters are asked for, as it stands in the route and in a request. An empty text: any. */
export interface LetterFilter {
  readonly reason: string;
  /** The error without its values, as a group is called. */
  readonly kind: string;
  readonly topic: string;
  /** `1h`, `24h`, `7d`: not older. `older-1h`, `older-24h`: older. */
  readonly age: string;
  readonly state: 'open' | 'closed' | 'any';
  /**
   * An order, a payment, the first digits of an event id, or a part of the error, whichever finds something.
   * `order 17`, `payment 17` and `"17"` mean one of them.
   */
  readonly text: string;
}

/** What an action is about. */
export type LetterSelection =
  | {
      readonly by: 'filter';
      readonly filter: LetterFilter;
      /** When it was selected. What was published later is not part of it. */
      readonly atMs: number;
    }
  | { readonly by: 'places'; readonly places: readonly string[] };

export interface LetterGroup {
  readonly reason: string;
  /** Null: of all errors with the reason. */
  readonly kind: string | null;
  /** Null while it is being counted. */
  readonly open: number | null;
  readonly all: number;
  /** When the oldest open one was published; of all while open ones are not known. Null: there is none. */
  readonly oldestMs: number | null;
}

export interface LetterRow {
  readonly place: string;
  readonly id: string;
  readonly reason: string;
  readonly topic: string;
  readonly orderId: string | null;
  readonly paymentId: string | null;
  readonly error: string;
  /** What is behind the kind of the error: what it got. */
  readonly values: string;
  readonly publishedAtMs: number;
  readonly redriveCount: number;
  readonly isCut: boolean;
  /** Computed from the ledger for this answer. */
  readonly isOpen: boolean;
}

/** `GET /api/dead-letters` with the fields of a filter, `sort` (`oldest`, `newest`) and `page` (from 1). */
export interface LetterPage {
  /** When the dead letters were counted; null while they are counted for the first time. */
  readonly countedAtMs: number | null;
  /** Rows that have been read so far, while they are being counted. */
  readonly reading: number | null;
  /** Why they could not be counted again; null when they could. */
  readonly problem: string | null;
  readonly all: number;
  /** Null while nobody has looked at the ledgers of some. */
  readonly open: number | null;
  /** Of so many that are listed, somebody has looked at the ledger. */
  readonly lookedAt: number;
  /** When the first of these looks was; of many, they take a while. Null: there was none. */
  readonly lookedSinceMs: number | null;
  /** Of so many, the newest, single ones can be listed. The same as `all` unless there are too many. */
  readonly listed: number;
  /** By reason, then by kind of error. They obey the filter, but for its reason, its kind and its state. */
  readonly groups: readonly LetterGroup[];
  /** The filter as a sentence, in the CLI's words. */
  readonly said: string;
  /** The text of the filter, as the one thing that it was taken for: `order 17`. */
  readonly text: string;
  /** The text for the other thing that it could mean, such as `payment 17`; null when there is none. */
  readonly other: string | null;
  /** How many dead letters fit the filter, as far as somebody has looked. */
  readonly fits: number;
  /** Nobody knows yet whether so many more fit: their ledgers have not been looked at. */
  readonly notLookedAt: number;
  /** Payments that wait for the filter's order and have no dead letter any more: a discard takes them. */
  readonly expired: number;
  /** What those got, the most frequent first; at most three. */
  readonly values: readonly { readonly text: string; readonly count: number }[];
  readonly rows: readonly LetterRow[];
  readonly page: number;
  readonly pages: number;
  /** The time of this answer. */
  readonly atMs: number;
  /** Does the same in a terminal. */
  readonly command: string;
  /** Discards in a terminal what the page's discard of all that fit takes. */
  readonly discard: string;
}

export interface LetterAction {
  readonly kind: string;
  readonly atMs: number;
  readonly operator: string;
  readonly because: string;
  readonly detail: string;
  readonly redrives: number | null;
}

/** `GET /api/dead-letters/letter?place=…`. */
export interface Letter {
  readonly row: LetterRow;
  readonly toldBy: string;
  readonly messageId: string;
  readonly recordedAtMs: number | null;
  readonly payload: {
    /** The first 64 KiB, with card numbers masked, and with its objects laid out where it is JSON. */
    readonly text: string;
    readonly bytes: number;
    /** Of the whole payload, where Tally keeps only its first part. */
    readonly sha256: string | null;
    readonly isMasked: boolean;
    /** Only the first part is in `text`. */
    readonly isShortened: boolean;
    readonly isErased: boolean;
    /** Why it cannot be edited here; null when it can. */
    readonly uneditable: string | null;
  };
  readonly actions: readonly LetterAction[];
  /** Why it cannot be redriven; null when it can. */
  readonly unsendable: string | null;
  readonly redrives: { readonly done: number; readonly max: number };
  readonly order: {
    readonly orderId: string;
    readonly versions: number;
    readonly payments: number;
    /** The columns of the row; null: it has none. */
    readonly columns: readonly { readonly name: string; readonly value: string }[] | null;
    /** What stands and was not decided, as sentences. */
    readonly findings: readonly string[];
  } | null;
  /** The findings of its order with its reason that nobody has resolved, each as it is now. */
  readonly resolvable: readonly { readonly ref: string; readonly text: string }[];
  readonly commands: { readonly show: string; readonly edit: string };
}

/** `POST /api/dead-letters/resolve` answers it. */
export interface Resolved {
  /** What was resolved, in sentences. */
  readonly resolved: readonly string[];
  /** So many were left, because they are not any more what the person saw. */
  readonly changed: number;
}

/** `POST /api/dead-letters/validate` answers it: what is wrong with a text for a topic. */
export interface BodyProblem {
  readonly text: string;
  /** The field that is wrong; null when the text as a whole is. */
  readonly field: string | null;
  /** From 1; null when nobody can say. */
  readonly line: number | null;
}

/** `POST /api/dead-letters/dry-run` answers it. The counts of the terms add up to `selected`. */
export interface DryRun {
  readonly atMs: number;
  readonly selected: number;
  readonly terms: readonly {
    readonly kind: 'send' | 'invalid again' | 'refused' | 'not looked at';
    /** The topic, the reason why, or what is wrong. */
    readonly text: string;
    readonly count: number;
    /** One of them. */
    readonly place: string | null;
  }[];
  /** What becomes of those that would be sent, in sentences, by the ledger as it is now. Empty for none. */
  readonly will: string;
  readonly sends: number;
  readonly first: readonly {
    readonly id: string;
    readonly orderId: string | null;
    readonly publishedAtMs: number;
    readonly redrives: number;
    readonly topic: string;
    readonly bytes: number;
  }[];
  /** Does the same in a terminal. */
  readonly command: string;
}

/** A redrive or a discard of many, in the server. `GET /api/jobs`: the last one, or null. */
export interface Job {
  readonly id: string;
  readonly action: 'redrive' | 'discard';
  readonly state: 'running' | 'stopping' | 'done' | 'stopped' | 'failed';
  readonly operator: string;
  /** What it is about, as a sentence. */
  readonly said: string;
  readonly startedAtMs: number;
  readonly endedAtMs: number | null;
  readonly ratePerSecond: number | null;
  /**
   * How many are to be sent or discarded: at most so many while it runs. At the end it is the sum of what was
   * done, of what was refused, and of what is left because it was stopped or failed: at most so many.
   */
  readonly total: number;
  readonly done: number;
  readonly refused: readonly { readonly why: string; readonly count: number }[];
  /** Why it failed. */
  readonly problem: string | null;
  /** The place behind which it goes on; null when there is nothing to go on with. */
  readonly after: string | null;
  readonly selection: LetterSelection;
  /** What became of those that were sent; the counts add up to `followed`. Null for a discard. */
  readonly became: {
    readonly followed: number;
    readonly terms: readonly { readonly name: string; readonly count: number }[];
    /** True while it is still looked at what is on its way. */
    readonly isLooking: boolean;
  } | null;
  /**
   * Dead letters that fit the filter, were told since the start, and are no redriven ones. Null: not counted
   * yet, or the selection is single ones.
   */
  readonly newSinceStart: number | null;
  /** Goes on in a terminal; null when there is nothing to go on with. */
  readonly command: string | null;
}

/** `GET /api/dead-letters/history`: what operators did, newest first. */
export interface HistoryLine {
  readonly startedAtMs: number;
  readonly tookMs: number | null;
  readonly action: string;
  readonly operator: string;
  readonly said: string;
  readonly because: string;
  /** Null: it runs, it died, or its end could not be written. */
  readonly result: string | null;
}
