/** The interleavings of the reference's traffic that `tally demo` can send; the simulator knows them, too. */
export const SCENARIOS = ['A', 'B', 'C', 'D'] as const;
export type Scenario = (typeof SCENARIOS)[number];
