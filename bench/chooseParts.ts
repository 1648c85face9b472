const SHORT = ['counts', 'end-to-end', 'handlers', 'store-port', 'open-loop', 'starts', 'simulator'] as const;

/** Parts whose meaning lies in their length. A quick run has them only when it is asked for them. */
const LONG = ['backlog', 'workers', 'processes', 'nodes', 'laptop', 'ledgers', 'tables', 'soak'] as const;

/** The parts of the bench, in the order in which they run: what is exact comes first. */
export const PARTS = [...SHORT, ...LONG] as const;
export type PartName = (typeof PARTS)[number];

/**
 * The parts that run. The open loop takes its rates from `end-to-end`, and so brings it along.
 * @param only undefined: all, or all that a quick run has.
 */
export const chooseParts = (
  only: readonly PartName[] | undefined,
  isQuick: boolean,
): ReadonlySet<PartName> => {
  const names = new Set<PartName>(only ?? (isQuick ? SHORT : PARTS));
  if (names.has('open-loop')) names.add('end-to-end');
  return names;
};
