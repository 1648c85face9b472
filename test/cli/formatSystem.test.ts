import { describe, expect, it } from 'vitest';
import { formatSystem as format, readyLine } from '../../cli/formatSystem.ts';
import type { LocalPart } from '../../local/localPart.ts';
import type { LocalSystem } from '../../local/startLocal.ts';

const CONSOLE = 'http://127.0.0.1:8090/';

const part = (changes: Partial<LocalPart>): LocalPart => ({
  name: 'Cassandra',
  kind: 'maven',
  address: '127.0.0.1:9042',
  why: 'Java 17 and the jars are here',
  keepsState: true,
  env: {},
  died: new Promise(() => {}),
  stop: async () => {},
  ...changes,
});

const system = (cassandra: Partial<LocalPart> = {}): LocalSystem => ({
  projectId: 'tally-local',
  keyspace: 'ecom_store',
  cassandra: part(cassandra),
  pubsub: part({
    name: 'Pub/Sub',
    kind: 'local',
    address: '127.0.0.1:8085',
    keepsState: false,
    notice: 'in memory',
    why: 'in this process',
  }),
  functions: [
    part({
      name: 'onOrder',
      kind: 'functions-framework',
      address: '127.0.0.1:8080',
      keepsState: false,
      why: 'a process',
    }),
  ],
  functionUrls: {
    onOrder: 'http://127.0.0.1:8080',
    onPayment: 'http://127.0.0.1:8081',
    onDlq: 'http://127.0.0.1:8082',
    simulate: 'http://127.0.0.1:8083',
  },
  env: {},
  switches: { cassandra: undefined, pubsubFaults: undefined },
  startConsumers: async () => {},
  died: new Promise(() => {}),
  stop: async () => {},
});

const formatSystem = (shown: LocalSystem, logFolder: string, columns?: number): string =>
  format({ system: shown, consoleUrl: CONSOLE, logFolder, runFolder: undefined }, columns);

describe('the ready line', () => {
  it('is one line of JSON with every address', () => {
    const line = readyLine(system(), CONSOLE);

    expect(line).not.toContain('\n');
    expect(JSON.parse(line)).toEqual({
      event: 'ready',
      project_id: 'tally-local',
      pubsub: '127.0.0.1:8085',
      cassandra: '127.0.0.1:9042',
      keyspace: 'ecom_store',
      functions: system().functionUrls,
      console: CONSOLE,
      kinds: { cassandra: 'maven', pubsub: 'local' },
      notices: ['in memory'],
    });
  });

  it('names no Cassandra where the store is memory', () => {
    expect(JSON.parse(readyLine(system({ kind: 'memory' }), CONSOLE))).toMatchObject({
      cassandra: null,
      kinds: { cassandra: 'memory' },
    });
  });
});

describe('a running system for a person', () => {
  it('is a table of its parts in columns, and what to do next', () => {
    const lines = formatSystem(system(), '/home/me/tally/.tally/logs').split('\n');

    expect(lines.slice(1, 4)).toEqual([
      'Cassandra  127.0.0.1:9042  maven, keeps its data (Java 17 and the jars are here)',
      'Pub/Sub    127.0.0.1:8085  local, keeps no data (in this process)',
      'onOrder    127.0.0.1:8080  a process',
    ]);
    expect(lines).toContain('project tally-local, keyspace ecom_store');
    expect(lines).toContain('logs in /home/me/tally/.tally/logs');
    expect(lines).toContain(`  curl -sS -d '{"preset":"reference"}' http://127.0.0.1:8083 > answer.json`);
    expect(lines).toContain('  npx tally audit --expect answer.json');
    expect(lines.at(-1)).toBe('Ctrl-C stops everything.');
  });

  it('says where the live page is', () => {
    const lines = formatSystem(system(), '/s').split('\n');

    expect(lines[lines.indexOf('Watch it at work:') + 1]).toBe(`  ${CONSOLE}`);
  });

  it('says how to send one order and look at it', () => {
    const lines = formatSystem(system(), '/s').split('\n');

    expect(lines).toContain('  npx tally publish order examples/order.json');
    expect(lines).toContain('  npx tally order 7017');
  });

  it('names the folder by which the commands find a second system', () => {
    const text = format({ system: system(), consoleUrl: CONSOLE, logFolder: '/s', runFolder: '/tmp/two' });

    expect(text.match(/^  TALLY_RUN_FOLDER=\/tmp\/two npx tally \w+/gm)).toHaveLength(3);
  });

  it('names it as a shell takes it', () => {
    const text = format({ system: system(), consoleUrl: CONSOLE, logFolder: '/s', runFolder: "it's two" });

    expect(text).toContain(String.raw`  TALLY_RUN_FOLDER='it'\''s two' npx tally order 7017`);
  });

  it('names no keyspace where the store is memory', () => {
    const text = formatSystem({ ...system({ kind: 'memory' }), keyspace: '' }, '/s');

    expect(text).toContain('\nproject tally-local\nlogs in /s\n');
  });

  it('names no address where the store is memory, because no client of Cassandra could use it', () => {
    const memory = { kind: 'memory', address: '127.0.0.1:38785', keepsState: false, why: 'no Java' };

    const text = formatSystem(system(memory), '/s');

    expect(text).toContain('\nCassandra  none            memory, keeps no data (no Java)\n');
    expect(text).not.toContain('38785');
  });

  it('fits a terminal of 80 columns, and no line is broken inside a word', () => {
    const why = 'no Docker engine that answers; Java 17 and the jars are here';
    const lines = formatSystem(system({ why, notice: 'word '.repeat(40).trim() }), '/s', 80).split('\n');

    expect(lines.slice(1, 3)).toEqual([
      'Cassandra  127.0.0.1:9042  maven, keeps its data (no Docker engine that',
      '                           answers; Java 17 and the jars are here)',
    ]);
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThan(80);
  });

  it('says what must be known about each part, and nothing else', () => {
    const withBoth = formatSystem(system({ notice: '!!! No Cassandra' }), '/s').split('\n');

    expect(withBoth.slice(5, 9)).toEqual(['!!! No Cassandra', '', 'in memory', '']);
    expect(formatSystem(system(), '/s')).not.toContain('!!!');
  });
});
