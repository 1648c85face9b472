import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { refuseKeptOptions } from '../../cli/refuseKeptOptions.ts';

const command = new Command('up').option('--fresh').option('--console-port <port>').option('--json');

describe('an option that npm keeps for itself', () => {
  it.each([
    ['start', 'npm_config_fresh', 'npm kept --fresh for itself: write "npm start -- --fresh"'],
    ['demo', 'npm_config_console_port', 'write "npm run demo -- --console-port"'],
  ])('is refused: %s with %s', (script, name, said) => {
    const env = { npm_lifecycle_event: script, [name]: 'true' };

    expect(() => refuseKeptOptions(command, env)).toThrow(said);
  });

  it('is none of npm’s own, and none that the command does not have', () => {
    const env = { npm_lifecycle_event: 'start', npm_config_json: 'true', npm_config_cache: '/c' };

    expect(() => refuseKeptOptions(command, env)).not.toThrow();
  });

  it('is not looked for behind npx, which keeps none', () => {
    for (const script of ['npx', undefined]) {
      const env = { npm_lifecycle_event: script, npm_config_fresh: 'true' };
      expect(() => refuseKeptOptions(command, env)).not.toThrow();
    }
  });
});
