import type { Command } from 'commander';

/**
 * Writes an error about options below the help. Commander writes it above, where a long help pushes it off
 * the screen. A subcommand copies this from its program when it is made.
 */
export const sayErrorLast = (program: Command): Command => {
  let said = '';
  return program
    .configureOutput({ outputError: (text) => void (said = text.trimEnd()) })
    .addHelpText('afterAll', ({ error }) => (error && said !== '' ? `\n${said}` : ''));
};
