/**
 * A part of the proof is a command of the project. Its output ends with a line of JSON or a table of files.
 */
export interface Part {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
}

const npmRun = (script: string, ...options: readonly string[]): Part['command'] => [
  'npm',
  'run',
  '--silent',
  script,
  '--',
  ...options,
];

export const PARTS: readonly Part[] = [
  { name: 'coverage', command: npmRun('coverage') },
  { name: 'small worlds', command: npmRun('simulation:worlds', '--json') },
  { name: 'planted bugs', command: npmRun('simulation:bugs', '--json') },
  { name: 'simulation', command: npmRun('simulation', '--seeds', '1000000', '--json') },
  // One body in ten is well-formed, so these contain a million malformed ones.
  { name: 'hostile bodies', command: npmRun('fuzz', '--bodies', '1110000', '--json') },
  { name: 'hostile lines', command: npmRun('fuzz', '--suite', 'lines', '--bodies', '100000', '--json') },
  { name: 'planted cards', command: npmRun('fuzz', '--suite', 'cards', '--bodies', '100000', '--json') },
  { name: 'mutation', command: npmRun('mutation') },
];
