import { describe, expect, it } from 'vitest';
import { docFiles } from './docFiles.ts';
import { lineAt } from './lineAt.ts';
import { textOf, tree, type TextFile } from './tree.ts';

const NPM = /\bnpm (?:run (?:-\S+ )*(?<script>[\w:.-]+)|(?<short>test|start)\b)/g;
const TALLY = /(?:\bnpx tally|`tally) (?<command>[a-z]\w*)/g;

interface Commands {
  readonly scripts: readonly string[];
  readonly tally: readonly string[];
}

/** The scripts of package.json and the commands that commander gets. */
const commandsOf = (manifest: string, cli: readonly TextFile[]): Commands => ({
  scripts: Object.keys(JSON.parse(manifest).scripts),
  tally: cli.flatMap(({ text }) =>
    [...text.matchAll(/\.command\('(?<name>\w+)/g)].map(({ groups }) => groups?.name ?? ''),
  ),
});

/** The commands in a text that nobody can run. */
const missingCommands = ({ path, text }: TextFile, commands: Commands): readonly string[] => {
  const at = ({ index }: RegExpExecArray): string => `${path}:${lineAt(text, index)}`;
  const scripts = [...text.matchAll(NPM)].flatMap((match) => {
    const script = match.groups?.script ?? match.groups?.short ?? '';
    return commands.scripts.includes(script) ? [] : [`${at(match)}: package.json has no script ${script}`];
  });
  const tally = [...text.matchAll(TALLY)].flatMap((match) => {
    const command = match.groups?.command ?? '';
    if (commands.tally.includes(command)) return [];
    return [`${at(match)}: tally has no command ${command}; it has ${commands.tally.join(', ')}`];
  });
  return [...scripts, ...tally];
};

const COMMANDS = commandsOf('{"scripts":{"test":"x","simulation:bugs":"x"}}', [
  { path: 'cli/tally.ts', text: "program\n  .command('up')\n  .command('audit <file>')" },
]);
const found = (text: string) => missingCommands({ path: 'README.md', text }, COMMANDS);

describe('a command in a text', () => {
  it.each([
    'npm test',
    'npm run --silent simulation:bugs -- --json',
    'npx tally up',
    '`tally audit`',
    'npm ci',
  ])('is there: %s', (text) => {
    expect(found(text)).toEqual([]);
  });

  it.each([
    ['npm run simulate', 'README.md:2: package.json has no script simulate'],
    ['npm run --silent simulation', 'README.md:2: package.json has no script simulation'],
    ['npm start', 'README.md:2: package.json has no script start'],
    ['npx tally down', 'README.md:2: tally has no command down; it has up, audit'],
    ['`tally pubsub --json`', 'README.md:2: tally has no command pubsub; it has up, audit'],
  ])('is missed: %s', (text, fault) => {
    expect(found(`a\n${text}`)).toEqual([fault]);
  });
});

describe('the documentation and CI', () => {
  it('run commands that are there', () => {
    const cli = tree.filter(({ path }) => path.startsWith('cli/'));
    const ci = tree.filter(({ path }) => /^\.ci\/|^\.github\/.*\.yml$/.test(path));
    const commands = commandsOf(textOf('package.json'), cli);

    expect([...docFiles, ...ci].flatMap((file) => missingCommands(file, commands))).toEqual([]);
  });
});
