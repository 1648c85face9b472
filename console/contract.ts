/**
 * The JSON between the server and the page. Ids of orders and payments are texts, because they have 64 bits
 * and a number of JSON in a browser has 53. Times are milliseconds since the epoch. `null` is "cannot be
 * known here or now", and is shown as that, never as 0.
 */

/** Where the page looks at, and what may be done there. `GET /api/place`. */
export interface Place {
  /** `local`, or the name of the environment, or `default` for a deployment without a name. */
  readonly environment: string;
  readonly isLocal: boolean;
  readonly project: string;
  readonly keyspace: string;
  /** Such as `127.0.0.1:9042`. */
  readonly cluster: string;
  /** Such as `127.0.0.1:8085 (Tally's own, in memory)`, or `Google Cloud`. */
  readonly pubsub: string;
  readonly startedAtMs: number;
  /** One worker pulls for all functions. Left out: they are pushed to, or nobody here knows. */
  readonly isPulled?: boolean;
  /** Every topic, subscription, function and table, and what leads from one to another. */
  readonly topology: Topology;
}

export interface Topology {
  readonly topics: readonly { readonly name: string; readonly kind: 'input' | 'deadLetter' }[];
  readonly subscriptions: readonly {
    readonly name: string;
    readonly topic: string;
    readonly consumer: string;
    readonly deadLetterTopic: string | null;
    /** How long it keeps a message that nobody acks. */
    readonly retentionSeconds: number;
  }[];
  readonly functions: readonly string[];
  readonly tables: readonly string[];
  /** Which function writes which table, on its usual way. */
  readonly writes: readonly { readonly from: string; readonly to: string }[];
}

/** What a message can become: the outcomes of the log, and `dropped`: Pub/Sub forgot it without an ack. */
export const OUTCOMES = ['matched', 'stored', 'parked', 'invalid', 'too_many', 'retry', 'dropped'] as const;
export type Outcome = (typeof OUTCOMES)[number] | 'on its way';

/** One message of an input topic, not one delivery. */
export interface StreamRow {
  /** The event id, or the message id of a message that no function has seen. Unique in a stream. */
  readonly key: string;
  readonly eventId: string | null;
  readonly topic: string;
  readonly publishedAtMs: number;
  readonly orderId: string | null;
  readonly paymentId: string | null;
  readonly outcome: Outcome;
  readonly findings: readonly string[];
  /** Failed attempts, then the one that was acked. */
  readonly attempts: { readonly failed: number; readonly isAcked: boolean };
  /** From publish to ack in milliseconds; null as long as it is not acked. */
  readonly tookMs: number | null;
  /** When it is delivered again, as far as Pub/Sub has said; null when it is acked, or nobody knows. */
  readonly againAtMs: number | null;
  /** One line: the error or the finding. */
  readonly note: string;
}

/** Which rows a connection wants. The server applies it to what it keeps, before it samples. */
export interface StreamFilter {
  readonly text: string;
  readonly topic: string;
  readonly outcomes: readonly string[];
}

/** Rates are means of the last 10 s; counts begin when the server was started. */
export interface Figures {
  readonly published: Count;
  readonly acked: Count;
  readonly matched: Count;
  readonly retries: Count;
  /** By outcome, a second; `findings` are those that told one. One that is not counted here is left out. */
  readonly outcomes: Readonly<Record<string, number>>;
  /** From publish to ack in milliseconds, of the last 10 s; null when nothing was acked. */
  readonly endToEnd: { readonly p50: number; readonly p95: number; readonly p99: number } | null;
}

interface Count {
  readonly perSecond: number | null;
  readonly total: number | null;
}

/** What is known of one part of the flow at this moment. */
export interface EdgeFigures {
  /** By topic: messages a second that were published to it. */
  readonly topics: Readonly<Record<string, { readonly perSecond: number | null }>>;
  readonly subscriptions: Readonly<
    Record<
      string,
      {
        readonly perSecond: number | null;
        /** Messages that are not acked. */
        readonly backlog: number | null;
        /** When the oldest of them was published; null when there is none. */
        readonly oldestMs: number | null;
        /** Forwarded to the dead-letter topic by Pub/Sub itself. */
        readonly forwarded: number | null;
      }
    >
  >;
  readonly functions: Readonly<
    Record<
      string,
      {
        readonly perSecond: number | null;
        readonly p95Ms: number | null;
        readonly errorsPerSecond: number | null;
        /** What it answers when it fails, such as `503`. */
        readonly fails: string | null;
        /** What it tells people a second, by `invalid`, `unmatched` and `findings`; null: nobody knows. */
        readonly tells: Readonly<Record<string, number>> | null;
      }
    >
  >;
  /** Events a second that were put back on an input topic. */
  readonly redrivesPerSecond: number | null;
  /** By table: statements that write and that read, a second; counted from outcomes, not guessed. */
  readonly tables: Readonly<Record<string, { readonly writesPerSecond: number | null }>>;
}

/**
 * How rows are sampled, by the low bits of the event id: all of a message is listed, or nothing of it. 1:
 * everything is listed. A filter turns sampling off for what fits. The page says each change in its list.
 */
export interface Sampling {
  /** One in so many of `matched` and `stored` at the first attempt. */
  readonly calm: number;
  /** One in so many of all others. */
  readonly others: number;
}

/** A part of the page's world that is not as it should be. The worst comes first. */
export interface Notice {
  readonly kind: 'cassandra' | 'rates' | 'faults' | 'memory';
  readonly sinceMs: number;
  readonly text: string;
}

/** What the server sends every 250 ms, as an event named `frame`. */
export interface Frame {
  readonly atMs: number;
  /** As in the `Place`. Another one is that of another server on this port: the page is loaded anew. */
  readonly startedAtMs: number;
  readonly figures: Figures;
  readonly edges: EdgeFigures;
  readonly sampling: Sampling;
  /** New and changed rows, oldest change first. The first frames of a connection bring up to 200. */
  readonly rows: readonly StreamRow[];
  /** The next frame is one of the first, too. */
  readonly isCatchingUp: boolean;
  readonly notices: readonly Notice[];
  readonly versions: {
    /** Changes when the sums, the dead letters or a job changed: then the page asks for them again. */
    readonly sums: number;
    readonly deadLetters: number;
    readonly jobs: number;
    /** Grows with everything that a message may change in the tables. `Sums.version` is one of these. */
    readonly tables: number;
  };
  /** Where the rates come from, and how old they are at most. Null: none is known. */
  readonly source: { readonly name: string; readonly ageMs: number | null };
  /**
   * Rows that fit the filter since the last frame and are not listed, because more came than a frame takes.
   */
  readonly unlisted: number;
}

/** Everything that is known of one message. `GET /api/messages/<key>`; 404 when it is not kept any more. */
export interface MessageDetail extends StreamRow {
  /** The id of the message that first brought the event. */
  readonly messageId: string;
  /** Deliveries, oldest first. Also those of copies: a redrive, and what Pub/Sub forwarded. */
  readonly attempts: StreamRow['attempts'] & {
    readonly list: readonly MessageAttempt[];
    /** How many older ones were acked, and the outcome of the first. Absent: all are listed. */
    readonly unlisted?: { readonly acks: number; readonly first: string | null } | undefined;
  };
  /** Why the last attempt failed, or why it is invalid. */
  readonly error: string | null;
  readonly redriveCount: number;
  /** Null: the payload is not kept any more. `text` is null when the bytes are not UTF-8. */
  readonly payload: {
    readonly text: string | null;
    /** The size as it was published; `text` has the first 64 KiB. */
    readonly bytes: number;
    readonly isCut: boolean;
    readonly isMasked: boolean;
  } | null;
  /** Without a witness nobody knows them. */
  readonly attributes: Readonly<Record<string, string>> | null;
  /** The dead letters that tell this event. */
  readonly told: readonly {
    readonly topic: string;
    readonly messageId: string;
    readonly reasons: readonly string[];
    readonly publishedAtMs: number;
  }[];
}

export interface MessageAttempt {
  /** 1 is the first. A copy of the message begins again. */
  readonly number: number;
  readonly function: string | null;
  readonly startedAtMs: number;
  readonly endedAtMs: number | null;
  /** `no answer`: nothing came in time. `ack lost`: it was answered with an ack, which did not arrive. */
  readonly settlement: 'ack' | 'retry' | 'no answer' | 'ack lost' | null;
  /** What the function answered; null by pull, and when there was no answer. */
  readonly status: number | null;
  readonly outcome: string | null;
  readonly error: string | null;
  /** How long Pub/Sub waited, or waits, before the next attempt. */
  readonly backoffMs: number | null;
  /** 32 hex digits; null without a trace. */
  readonly traceId: string | null;
}

/** The last five minutes, a point each 2 s. `GET /api/history?since=<ms>` has only what is newer. */
export interface History {
  readonly stepMs: number;
  /** Oldest first. Null where nothing was acked, or nobody knows. */
  readonly points: readonly {
    readonly atMs: number;
    readonly published: number | null;
    readonly acked: number | null;
    readonly p50: number | null;
    readonly p95: number | null;
    readonly p99: number | null;
  }[];
  /** All outages that reach into these minutes. `toMs` is null while one goes on. */
  readonly outages: readonly {
    readonly fromMs: number;
    readonly toMs: number | null;
    readonly text: string;
  }[];
}

/**
 * The events or orders that one term of a sum is about: an order may have several of its payments.
 * `GET /api/sums/<sum>/<term>?limit=10`, or `&all=true`.
 */
export interface SumIds {
  readonly of: 'orders' | 'events';
  readonly ids: readonly string[];
  /** How many there are. More than `ids` has: `all` lists up to 1,000. */
  readonly total: number;
}

/** One line of a sum. `ids` says that `GET /api/sums/<sum>/<term>` lists what was counted. */
export interface SumTerm {
  readonly name: string;
  readonly count: number;
  readonly note: string;
  readonly state: 'ok' | 'wait' | 'attn' | 'bad' | null;
  readonly ids: boolean;
}

export interface Sum {
  readonly name: string;
  readonly terms: readonly SumTerm[];
  /** Null: it cannot be known, and `why` says the reason. */
  readonly total: number | null;
  /** 0 when it adds up. Null: the terms and the total are of different moments, or there is no total. */
  readonly offBy: number | null;
  /** Why `offBy` is null; what is off, when it is not 0. Null when it adds up. */
  readonly why: string | null;
  /**
   * What the total is made of, such as what an earlier run left in the tables. Empty when it needs no words.
   */
  readonly note: string;
}

/** The audit as sums of one snapshot. `GET /api/sums`. */
export interface Sums {
  readonly countedAtMs: number;
  /**
   * The version of the tables at that moment. A frame with a later one: messages have come since. Null:
   * nobody knows what has come.
   */
  readonly version: number | null;
  /** How many of `parts` have been read, while the first pass is under way. */
  readonly progress: { readonly done: number; readonly of: number } | null;
  readonly sums: readonly Sum[];
  readonly lost: number | null;
  readonly violations: number | null;
  /** There are at least so many violations, and perhaps more. */
  readonly areViolationsCut: boolean;
  readonly passAtMs: number | null;
  readonly needsPerson: readonly {
    readonly reason: string;
    readonly open: number;
    readonly what: string;
    /** Since when the oldest has been there. */
    readonly oldestMs: number | null;
  }[];
  /** Payments that wait for their order, and when the oldest was published. */
  readonly waiting: { readonly count: number; readonly oldestMs: number | null };
  readonly findings: { readonly open: number; readonly resolved: number | null };
  readonly deadLetters: { readonly total: number | null; readonly open: number };
  /** How many rows each table has. Empty until they were counted. */
  readonly rows: Readonly<Record<string, number>>;
  /** Why the tables could not be read; null when they could. */
  readonly problem: string | null;
}

/** What is broken on purpose, and how it went. `GET /api/faults`, in a local environment only. */
export interface FaultsState {
  readonly cassandra: {
    readonly address: string;
    /** `died`: it ended although nobody had asked. Null: nobody here knows. */
    readonly state: 'running' | 'stopping' | 'stopped' | 'starting' | 'died' | null;
    readonly sinceMs: number | null;
    /** Each answer comes later by so many milliseconds. */
    readonly delayMs: number;
    readonly delayMsMax: number;
    /** How long it was away the last time; null when it never was. */
    readonly wasAwayMs: number | null;
    readonly problem: string | null;
    /** Why it cannot be stopped from here; null when it can. */
    readonly cannot: string | null;
  };
  /** Null: this Pub/Sub has no faults, and `pubsubCannot` says why. */
  readonly pubsub: {
    readonly seed: number;
    readonly faults: readonly {
      readonly name: string;
      readonly what: string;
      readonly share: number;
      readonly hits: number;
    }[];
    readonly shareMax: number;
  } | null;
  readonly pubsubCannot: string | null;
  /** What was done and how it ended, newest first; at most 50. */
  readonly done: readonly { readonly atMs: number; readonly text: string }[];
  /** The last five minutes: how many messages of the input subscriptions were not acked, oldest first. */
  readonly waiting: readonly { readonly atMs: number; readonly count: number | null }[];
  readonly outages: readonly {
    readonly fromMs: number;
    readonly toMs: number | null;
    readonly text: string;
  }[];
}

/** One event that came for an order, or one dead letter about it: what arrived, and what it changed. */
export interface StoryItem {
  readonly key: string;
  readonly kind: 'order' | 'payment' | 'decision' | 'deadLetter' | 'again' | 'torn';
  /** When the event was published, or the dead letter recorded. */
  readonly atMs: number;
  readonly state: 'ok' | 'wait' | 'attn' | 'bad' | 'calm' | 'said';
  /** What it is, such as `payment 9317`, and what it says, such as `pending`. */
  readonly title: string;
  readonly says: string;
  /** How it came, such as `first attempt, 204 after 21 ms`; empty where nobody knows. */
  readonly how: string;
  /** Null for a dead letter about a finding, which is of several events. */
  readonly eventId: string | null;
  /** Sentences. */
  readonly changed: string;
  /** The columns of the row that it changed. */
  readonly columns: readonly {
    readonly name: string;
    readonly was: string | null;
    readonly is: string | null;
  }[];
  /** The reasons of the dead letters that this event told. */
  readonly told: readonly string[];
}

/** One column of the row. Null is unset. */
export interface RowColumn {
  readonly name: string;
  readonly value: string | null;
  /** The value before, from an older version or another payment; undefined when there was none. */
  readonly was?: string | null;
  /** What the ledger says, where the row says something else. */
  readonly shouldBe?: string | null;
  /** Blank because of an erasure. */
  readonly isErased?: boolean;
  readonly note?: string;
}

/** The columns that one event wrote. */
export interface RowPart {
  readonly columns: readonly RowColumn[];
  /** The event whose columns these are; null when there is none. */
  readonly from: { readonly eventId: string; readonly publishedAtMs: number } | null;
  /** In microseconds, as a text; null when it is not known. */
  readonly writeTime: string | null;
}

/** A dead letter about an order. */
export interface ToldLetter {
  readonly id: string;
  /** How the view of dead letters names it in an address. */
  readonly place: string;
  readonly reason: string;
  readonly error: string;
  readonly isOpen: boolean;
  readonly publishedAtMs: number;
  readonly recordedAtMs: number | null;
  /** The event that told it. */
  readonly toldBy: string;
  readonly topic: string;
}

/**
 * `paid` and what follows are what the row's payment says. `unpaid` has none; `waiting` has payments only.
 */
export type OrderState =
  'paid' | 'refunded' | 'pending' | 'unknown' | 'failed' | 'unpaid' | 'waiting' | 'not here';

/** All about one order. `GET /api/orders/:id`. */
export interface OrderDetail {
  readonly orderId: string;
  readonly readAtMs: number;
  readonly readTookMs: number;
  readonly state: OrderState;
  readonly counts: { readonly orders: number; readonly payments: number; readonly decisions: number };
  /** What was last said about each payment id. */
  readonly payments: readonly { readonly paymentId: string; readonly status: string }[];
  /** The payment in the row, and why this one. */
  readonly shown: { readonly paymentId: string; readonly why: string } | null;
  /** The findings that are open. */
  readonly findings: readonly { readonly id: string; readonly reason: string; readonly text: string }[];
  /** Oldest first. */
  readonly story: readonly StoryItem[];
  /** So many older ones are left out of the story. */
  readonly leftOut: number;
  /** Null when the order has no row. */
  readonly row: {
    readonly order: RowPart;
    readonly payment: RowPart;
    readonly entriesSeen: number | null;
  } | null;
  /** What is broken or in progress, a sentence each. Empty: the row is what the ledger says. */
  readonly problems: readonly string[];
  /** The ledger has more entries than are read, so nothing here is about all of it. */
  readonly isCut: boolean;
  readonly erased: { readonly atMs: number; readonly by: string } | null;
  /** The first of them, where there are thousands. */
  readonly deadLetters: readonly ToldLetter[];
  readonly areDeadLettersCut: boolean;
  /** What finds its lines in the log: a query for Cloud Logging, or a command for a shell. */
  readonly logSearch: { readonly text: string; readonly isQuery: boolean };
}

/** All about one message. `GET /api/messages/:key`, with `?order=` where it is known. */
export interface MessageAnswer {
  /** Null when the feed does not know it: too long ago, or nobody saw it. */
  readonly message: MessageDetail | null;
  /** Its order; null when the message names none, or the tables did not answer. */
  readonly order: OrderDetail | null;
  /** The dead letters that it told. */
  readonly told: readonly ToldLetter[];
  /** The tables say that its data was erased. Then its payload and its attributes are null. */
  readonly isErased: boolean;
  /** Why the tables could not be read; null when they could. */
  readonly problem: string | null;
}

/** What a heal wrote. `POST /api/orders/:id/heal` with `{ because }`. */
export interface HealAnswer {
  /** A sentence. */
  readonly result: string;
}

/** Where an id leads to. `GET /api/find?q=`. */
export interface FindAnswer {
  readonly places: readonly {
    /** The route in the page, such as `#order/17`. */
    readonly href: string;
    readonly kind: 'order' | 'payment' | 'event' | 'message' | 'dead letter';
    readonly what: string;
  }[];
  /** Where it was looked for, when there is no place. */
  readonly looked: string;
}

/** What the forms of the view Send are made of. `GET /api/send/form`, in a local environment only. */
export interface SendForm {
  readonly order: readonly MessageFormField[];
  readonly payment: readonly MessageFormField[];
  /** What the simulator may be asked for; null when it did not answer, and `problem` says why. */
  readonly presets:
    | readonly {
        readonly preset: string;
        readonly fields: readonly {
          readonly name: string;
          readonly allowed: string;
          /** Null: it is drawn when it is left out. */
          readonly default: string | number | boolean | null;
        }[];
      }[]
    | null;
  readonly problem: string | null;
}

/** A field of an order or of a payment, in the order of the message schema. */
export interface MessageFormField {
  readonly name: string;
  readonly isRequired: boolean;
  /** What it may hold, in words. */
  readonly allowed: string;
  /** It is written as a number of JSON when its text is one, digit by digit. */
  readonly isNumber: boolean;
}

/** `POST /api/send`: one message. The body is a text, because ids have 64 bits. */
export interface SendRequest {
  readonly kind: 'order' | 'payment';
  readonly body: string;
  /** Publishes it although the message schema refuses it. */
  readonly asItIs: boolean;
}

/** A message that was sent from the form, and what became of it. */
export interface SentMessage {
  readonly messageId: string;
  readonly kind: 'order' | 'payment';
  /** Null: the body does not tell it. */
  readonly orderId: string | null;
  readonly paymentId: string | null;
  readonly atMs: number;
  readonly outcome: Outcome;
  readonly findings: readonly string[];
  readonly tookMs: number | null;
  /** That of its row in the stream; null as long as nobody has seen it. */
  readonly key: string | null;
  /** What became of it cannot be known any more: newer messages took its place before it was settled. */
  readonly isForgotten: boolean;
}

/** `POST /api/runs/estimate` with a run's request: how much it would publish. Nothing is published. */
export interface RunEstimate {
  /** About so many. */
  readonly messages: number;
  /** 0: as fast as it can. */
  readonly seconds: number;
}

/** One run of the simulator that was started here, and how its end state compares with what is expected. */
export interface SimulatorRun {
  /** Such as `shop, 1,000 orders`. */
  readonly what: string;
  readonly startedAtMs: number;
  readonly seed: number | null;
  /** How long the simulator published; null while it does. */
  readonly publishedInMs: number | null;
  readonly messages: number | null;
  /** `waiting`: all is published, and not all is as expected yet. */
  readonly state: 'publishing' | 'waiting' | 'agrees' | 'wrong' | 'stopped' | 'failed';
  /** From the start until all agreed; null before that. */
  readonly tookMs: number | null;
  readonly lines: readonly RunLine[];
  /** What is not true yet, or is wrong, one sentence each, at most ten; and how many there are. */
  readonly unmet: readonly string[];
  readonly unmetCount: number;
  /** A sentence; null: nothing went wrong, or it is `wrong` and nothing is on its way any more. */
  readonly problem: string | null;
}

export interface RunLine {
  /** The end state, in the words of the audit. */
  readonly name: string;
  readonly expected: number;
  /** Null: it cannot be known yet. */
  readonly actual: number | null;
  readonly state: 'ok' | 'wait' | 'bad';
  readonly verdict: string;
}

/** `GET /api/send`. Newest first: at most 20 messages and ten earlier runs. */
export interface SendState {
  readonly sent: readonly SentMessage[];
  readonly run: SimulatorRun | null;
  readonly runsBefore: readonly SimulatorRun[];
}

export type StepName = 'record' | 'read' | 'fold' | 'show' | 'tell' | 'ack';

/** One step of a delivery. A step that did not happen, such as `tell` with nothing to tell, is not listed. */
export interface Step {
  readonly name: StepName;
  readonly startedAtMs: number;
  readonly tookMs: number;
  /** What it touched or found, in a word or two: `ledger`, `3 entries`, `unmatched`. */
  readonly note: string;
  /** Why it failed, masked. */
  readonly error: string | null;
}

/** The last delivery of an event whose spans have come. */
export interface Steps {
  readonly traceId: string;
  readonly attempt: number;
  readonly outcome: string;
  readonly startedAtMs: number;
  readonly tookMs: number;
  /** In the order in which they began. */
  readonly steps: readonly Step[];
}

/** `GET /api/steps/<event id>`. Without traces there are no steps, and the page says so. */
export interface StepsAnswer {
  /** Whether the functions send their spans here. */
  readonly isTraced: boolean;
  /** Null: no spans of the event have come, or they are forgotten: the last 10,000 deliveries are kept. */
  readonly steps: Steps | null;
}

/** What a refused request is answered with. */
export interface Refusal {
  readonly error: string;
  /** By field of the request, where one is wrong. */
  readonly fields?: Readonly<Record<string, string>>;
}
