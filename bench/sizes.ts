/** How much is measured. */
export interface Sizes {
  /** A round is one turn there and one back. */
  readonly rounds: number;
  /** Rounds before those that count: Cassandra and Node are slow until their code is compiled. */
  readonly warmUpRounds: number;
  /** Orders in each slice of end-to-end traffic; each has a payment. */
  readonly trafficOrders: number;
  /** The same for what is several times as fast: a slice of a second would show what else ran then. */
  readonly fastOrders: number;
  /** Events in each slice of one kind. */
  readonly kindEvents: number;
  /** Events in each slice of the table about ledgers. */
  readonly ledgerEvents: number;
  /** Orders of a backlog that waits for the consumers. */
  readonly backlogOrders: number;
  /** Seconds of each step of the open loop. */
  readonly loopSeconds: number;
  /** How many processes are started of each kind, for the cold start. */
  readonly starts: number;
  /** Orders in the large table, and in the small one. */
  readonly tableOrders: { readonly large: number; readonly small: number };
  /** Events that a function process handles while its memory is watched. */
  readonly soakEvents: number;
  /** Messages that the simulator publishes while its memory is watched. */
  readonly simulatorMessages: number;
}

/** With three rounds about an hour on two cores, two thirds of it for the parts that are long. */
export const FULL: Sizes = {
  rounds: 5,
  warmUpRounds: 1,
  trafficOrders: 5_000,
  fastOrders: 20_000,
  kindEvents: 2_000,
  ledgerEvents: 1_000,
  backlogOrders: 50_000,
  loopSeconds: 10,
  starts: 4,
  tableOrders: { large: 1_000_000, small: 10_000 },
  soakEvents: 1_000_000,
  simulatorMessages: 1_000_000,
};

/** About three minutes on two cores. */
export const QUICK: Sizes = {
  rounds: 2,
  warmUpRounds: 1,
  trafficOrders: 1_000,
  fastOrders: 1_000,
  kindEvents: 400,
  ledgerEvents: 1_000,
  backlogOrders: 5_000,
  loopSeconds: 3,
  starts: 2,
  tableOrders: { large: 20_000, small: 1_000 },
  soakEvents: 20_000,
  simulatorMessages: 50_000,
};
