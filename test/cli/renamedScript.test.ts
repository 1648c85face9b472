import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runScript } from '../support/commands/runScript.ts';

const { scripts }: { scripts: Record<string, string> } = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8'),
);
const RENAMED = Object.keys(scripts).filter((name) => scripts[name] === 'node cli/renamedScript.ts');

describe('an npm script that has a new name', () => {
  it.each(RENAMED)('fails under its old name %s, and says the new one, which is there', async (name) => {
    const { exitCode, stderr } = await runScript('cli/renamedScript.ts', [], {
      env: { npm_lifecycle_event: name },
    });

    const newName = /npm run ([\w:]+)\n$/.exec(stderr)?.[1] ?? '';
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`npm run ${name}: this command has a new name`);
    expect(Object.keys(scripts)).toContain(newName);
    expect(RENAMED).not.toContain(newName);
  });

  it('is each of the three', () => {
    expect(RENAMED).toEqual(['simulate:faults', 'simulate:worlds', 'simulate:bugs']);
  });
});
