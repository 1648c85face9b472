import { dirname } from 'node:path/posix';
import { describe, expect, it } from 'vitest';
import { applyExceptions, type Finding } from './applyExceptions.ts';
import { IMPORT_CIRCLES } from './exceptions.ts';
import { findCircles } from './findCircles.ts';
import { findImports, resolveImport } from './findImports.ts';
import { codeFiles, textOf, type TextFile } from './tree.ts';

/**
 * Each room, and the rooms or parts of them that it may import beside itself; a room holds the rooms below
 * it. The diagram of docs/architecture.md, "Folders, and who imports whom", draws this table. It leaves out
 * what its arrows imply.
 */
const ROOMS: Readonly<Record<string, readonly string[]>> = {
  'shared/deadlines.ts': [],
  'shared/errors.ts': [],
  'shared/bodyText.ts': [],
  'shared/topology.ts': ['shared/deadlines.ts'],
  'shared/config.ts': ['shared/errors.ts', 'shared/topology.ts'],
  'shared/domain': ['shared/topology.ts'],
  'shared/masking': ['shared/bodyText.ts'],
  'shared/telemetry': ['shared/config.ts', 'shared/deadlines.ts', 'shared/errors.ts', 'shared/masking'],
  'shared/http': ['shared/bodyText.ts', 'shared/deadlines.ts', 'shared/telemetry'],
  'shared/messaging': [
    'shared/bodyText.ts',
    'shared/config.ts',
    'shared/deadlines.ts',
    'shared/domain',
    'shared/errors.ts',
    'shared/masking',
    'shared/telemetry',
    'shared/topology.ts',
  ],
  'shared/store': ['shared/config.ts', 'shared/deadlines.ts', 'shared/domain', 'shared/errors.ts'],
  'shared/protocol': [
    'shared/domain',
    'shared/messaging',
    'shared/store',
    'shared/topology.ts',
    'shared/telemetry',
  ],
  // An expectation is JSON with ids in it, which the parser of messages reads without loss.
  'shared/audit': ['shared/domain', 'shared/messaging', 'shared/protocol', 'shared/store'],
  'shared/operations': [
    'shared/audit',
    'shared/domain',
    'shared/errors.ts',
    'shared/masking',
    'shared/messaging',
    'shared/protocol',
    'shared/store',
    'shared/topology.ts',
  ],
  'functions/audit': ['shared'],
  'functions/onDlq': ['shared', 'functions/createConsumers.ts'],
  'functions/onOrder': ['shared', 'functions/createConsumers.ts'],
  'functions/onPayment': ['shared', 'functions/createConsumers.ts'],
  'functions/simulate': ['shared'],
  'functions/worker': ['shared', 'functions/createConsumers.ts'],
  'functions/createConsumers.ts': ['shared', 'functions/onDlq'],
  'local/pubsub/server': [],
  local: ['shared'],
  // `npm run infra:validate` starts processes as the local runtime does.
  cdktf: ['shared', 'local'],
  // Only types of a contract: the page runs in a browser.
  'console/page': ['console/contract.ts', 'console/deadLetterContract.ts'],
  'console/contract.ts': [],
  'console/deadLetterContract.ts': [],
  console: ['shared', 'local'],
  cli: ['shared', 'local', 'console'],
  // The bench runs the product's own handlers and workload beside bare parts, and starts nodes as chaos does.
  bench: ['shared', 'local', 'cli', 'console', 'cdktf/bundle', 'functions', 'proof/chaos'],
  proof: ['shared', 'functions', 'local', 'cli'],
  test: ['shared', 'functions', 'local', 'cdktf', 'cli', 'console', 'bench', 'proof'],
};

interface Edge {
  readonly from: string;
  readonly line: number;
  readonly to: string;
}

/** Which file imports which, types included. */
const edgesOf = (files: readonly TextFile[]): readonly Edge[] =>
  files.flatMap(({ path, text }) =>
    findImports(text).flatMap((one) => {
      const to = one.isStarted ? undefined : resolveImport(path, one);
      return to === undefined ? [] : [{ from: path, line: one.line, to }];
    }),
  );

const isIn = (path: string, room: string): boolean => path === room || path.startsWith(`${room}/`);

/** The innermost room of a file. */
const roomOf = (path: string): string | undefined =>
  Object.keys(ROOMS)
    .filter((room) => isIn(path, room))
    .toSorted((a, b) => b.length - a.length)[0];

const notAllowed = ({ from, line, to }: Edge): readonly string[] => {
  const room = roomOf(from);
  if (room === undefined) return [`${from}:${line}: is in no room of test/tidy/importGraph.test.ts`];
  const allowed = ROOMS[room] ?? [];
  if (isIn(to, room) || allowed.some((other) => isIn(to, other))) return [];
  const others = allowed.length === 0 ? '' : `, ${allowed.join(', ')}`;
  return [`${from}:${line}: imports ${to}; allowed are its own room ${room}${others}`];
};

/** What the table allows and no file makes use of. */
const unusedIn = (edges: readonly Edge[]): readonly string[] =>
  Object.entries(ROOMS).flatMap(([room, allowed]) => {
    const imported = edges.filter(({ from }) => roomOf(from) === room).map(({ to }) => to);
    return allowed
      .filter((other) => !imported.some((to) => isIn(to, other)))
      .map((other) => `${room} may import ${other}, and does not`);
  });

/** Who imports whom, in circles. `toName` says what is one: a file, or a folder. */
const circlesIn = (edges: readonly Edge[], toName = (path: string): string => path): readonly Finding[] => {
  const graph = new Map<string, readonly string[]>();
  for (const { from, to } of edges) {
    const [name, next] = [toName(from), toName(to)];
    if (name !== next || from === to) graph.set(name, [...(graph.get(name) ?? []), next]);
  }
  return findCircles(graph).map((circle) => {
    const key = circle.join(' ');
    return { key, fault: `${circle[0]}:1: imports itself in a circle; all of it: ${key}` };
  });
};

/** A file beside the folders of shared/ stands for itself. */
const folderOf = (path: string): string => (dirname(path) === 'shared' ? path : dirname(path));

/** Files that an import or a start of a process or a thread names, and that are not there. */
const missingFiles = (files: readonly TextFile[]): readonly string[] => {
  const paths = new Set(files.map(({ path }) => path));
  return files.flatMap(({ path, text }) =>
    findImports(text).flatMap((one) => {
      const to = resolveImport(path, one);
      return to === undefined || paths.has(to) ? [] : [`${path}:${one.line}: there is no file ${to}`];
    }),
  );
};

/** The drawing under the heading, without the text around it. */
const diagramIn = (page: string): string =>
  /^## Folders, and who imports whom\n```\n(?<diagram>[\s\S]*?)^```/m.exec(page)?.groups?.diagram ?? '';

type Arrow = readonly [from: string, to: string];

/** How the diagram calls a room, or a part of one. All functions are one room there. */
const drawnAs = (name: string): string => {
  if (name.startsWith('functions/')) return 'functions';
  return name === 'shared' || name === 'functions' || name in ROOMS ? name : dirname(name);
};

const ALLOWED: readonly Arrow[] = Object.entries(ROOMS)
  .flatMap(([room, others]) => others.map((other): Arrow => [drawnAs(room), drawnAs(other)]))
  .filter(([from, to]) => from !== to);

const isSame = (one: Arrow, other: Arrow): boolean => one.join() === other.join();

const arrowsIn = (diagram: string): readonly Arrow[] =>
  diagram.split('\n').flatMap((line) => {
    const rooms = line.split(/─+▶/).map((part) => part.trim());
    return rooms.slice(1).map((to, index): Arrow => [rooms[index] ?? '', to]);
  });

/** Whether one arrow or several behind each other lead from the one room to the other. */
const isReached = ([from, to]: Arrow, arrows: readonly Arrow[]): boolean =>
  arrows.some(([start, end]) => start === from && (end === to || isReached([end, to], arrows)));

/** What is wrong with a diagram whose arrows lead in no circle. */
const faultsOf = (diagram: string): readonly string[] => {
  const arrows = arrowsIn(diagram);
  const say = (arrow: Arrow, fault: string): string => `${arrow.join(' ──▶ ')} ${fault}`;
  return [
    ...arrows
      .filter((arrow) => !isIn(arrow[1], arrow[0]) && !ALLOWED.some((other) => isSame(arrow, other)))
      .map((arrow) => say(arrow, 'is not in the table')),
    ...arrows
      .filter((arrow) =>
        isReached(
          arrow,
          arrows.filter((other) => !isSame(arrow, other)),
        ),
      )
      .map((arrow) => say(arrow, 'is implied by other arrows')),
    ...ALLOWED.filter((arrow) => !isReached(arrow, arrows)).map((arrow) =>
      say(arrow, 'is neither drawn nor implied'),
    ),
    ...Object.keys(ROOMS)
      .filter((room) => !arrows.flat().includes(drawnAs(room)))
      .map((room) => `${room} is not drawn`),
  ];
};

const file = (path: string, text: string): TextFile => ({ path, text });
const imports = (from: string, to: string) =>
  edgesOf([file(from, `// A comment.\nimport type { A } from '${to}';\n`)]).flatMap(notAllowed);

describe('who imports whom', () => {
  it.each([
    ['functions/onOrder/index.ts', '../../local/up.ts'],
    ['functions/onOrder/index.ts', '../onDlq/handler.ts'],
    ['shared/store/store.ts', '../messaging/json.ts'],
    ['shared/messaging/toEntry.ts', '../protocol/accept.ts'],
    ['shared/domain/order.ts', '../config.ts'],
    ['shared/masking/maskBody.ts', '../messaging/json.ts'],
    ['shared/errors.ts', '../functions/onDlq/handler.ts'],
    ['local/pubsub/server/broker.ts', '../../part.ts'],
    ['local/up.ts', '../proof/until.ts'],
    ['cli/up.ts', '../test/support/builders.ts'],
    ['proof/until.ts', '../test/support/builders.ts'],
  ])('does not allow %s to import %s', (from, to) => {
    expect(imports(from, to)).toEqual([expect.stringContaining(`${from}:2: imports `)]);
  });

  it.each([
    ['functions/onOrder/index.ts', '../createConsumers.ts'],
    ['local/up.ts', './pubsub/server/faults.ts'],
    ['local/pubsub/server/broker.ts', './message.ts'],
    ['test/proof/until.test.ts', '../../proof/until.ts'],
    ['shared/store/store.ts', 'cassandra-driver'],
  ])('allows %s to import %s', (from, to) => {
    expect(imports(from, to)).toEqual([]);
  });

  it('knows every folder', () => {
    expect(imports('website/main.ts', '../shared/errors.ts')).toEqual([
      'website/main.ts:2: is in no room of test/tidy/importGraph.test.ts',
    ]);
  });

  it('is as the table says', () => {
    expect(edgesOf(codeFiles).flatMap(notAllowed)).toEqual([]);
  });

  it('makes use of all that the table allows', () => {
    expect(unusedIn(edgesOf(codeFiles))).toEqual([]);
  });

  it('does not, when nothing imports what may be imported', () => {
    expect(unusedIn(edgesOf(codeFiles.filter(({ path }) => !isIn(path, 'shared/topology.ts'))))).toEqual([
      'shared/topology.ts may import shared/deadlines.ts, and does not',
    ]);
  });
});

describe('the diagram', () => {
  const diagram = diagramIn(textOf('docs/architecture.md'));

  it('is as the table says', () => {
    expect(faultsOf(diagram)).toEqual([]);
  });

  it.each([
    [
      'an arrow too many',
      '\nshared/domain ──▶ shared/errors.ts',
      'shared/domain ──▶ shared/errors.ts is not in the table',
    ],
    [
      'an arrow that others imply',
      '\nshared/protocol ──▶ shared/domain',
      'shared/protocol ──▶ shared/domain is implied by other arrows',
    ],
  ])('is wrong with %s', (_what, more, fault) => {
    expect(faultsOf(`${diagram}${more}`)).toEqual([fault]);
  });

  it('is wrong without an arrow that nothing implies', () => {
    const less = diagram.replace('shared/http ──▶ ', '');

    expect(faultsOf(less)).toEqual([
      'shared/http ──▶ shared/bodyText.ts is neither drawn nor implied',
      'shared/http ──▶ shared/deadlines.ts is neither drawn nor implied',
      'shared/http ──▶ shared/telemetry is neither drawn nor implied',
      'shared/http is not drawn',
    ]);
  });
});

describe('a circle', () => {
  const files = [
    file('shared/a/a.ts', "import type { B } from '../b/b.ts';"),
    file('shared/b/b.ts', "export { C } from './c.ts';"),
    file('shared/b/c.ts', "const { A } = await import('../a/a.ts');"),
  ];

  it('is found through types, re-exports and dynamic imports', () => {
    expect(circlesIn(edgesOf(files)).map(({ key }) => key)).toEqual([
      'shared/a/a.ts shared/b/b.ts shared/b/c.ts',
    ]);
  });

  it('is found between folders whose files have none', () => {
    const [a, , c] = files;
    const b = file('shared/b/b.ts', '');
    const edges = edgesOf([a, b, c].filter((one) => one !== undefined));

    expect(circlesIn(edges)).toEqual([]);
    expect(circlesIn(edges, dirname).map(({ key }) => key)).toEqual(['shared/a shared/b']);
  });

  it('is not made of a file that is started', () => {
    const started = [
      file('proof/a.ts', "new Worker(new URL('b.ts', import.meta.url));"),
      file('proof/b.ts', "import { A } from './a.ts';"),
    ];

    expect(circlesIn(edgesOf(started))).toEqual([]);
  });

  it('is nowhere between files, or on the list', () => {
    const faults = applyExceptions(circlesIn(edgesOf(codeFiles)), 'IMPORT_CIRCLES', IMPORT_CIRCLES);

    expect(faults).toEqual([]);
  });

  it('is nowhere between the folders of shared/', () => {
    const edges = edgesOf(codeFiles.filter(({ path }) => path.startsWith('shared/')));

    expect(circlesIn(edges, folderOf).map(({ fault }) => fault)).toEqual([]);
  });
});

describe('what is imported or started', () => {
  it('is missed when it is not there', () => {
    const text = "import './here.ts';\nimport './gone.ts';\nnew URL('worker.ts', import.meta.url);\n";

    expect(missingFiles([file('a/a.ts', text), file('a/here.ts', '')])).toEqual([
      'a/a.ts:2: there is no file a/gone.ts',
      'a/a.ts:3: there is no file a/worker.ts',
    ]);
  });

  it('is there', () => {
    expect(missingFiles(codeFiles)).toEqual([]);
  });
});
