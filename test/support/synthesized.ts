import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { App } from 'cdktf/lib/app.js';
import { parseConfig } from '../../cdktf/config.ts';
import { TallyStack } from '../../cdktf/stacks/TallyStack.ts';
import { DEPLOYED_FUNCTIONS } from '../../shared/topology.ts';

/** A resource as Terraform reads it. */
export interface Resource {
  readonly type: string;
  readonly id: string;
  readonly fields: Fields;
}

/** The fields that many resource types have. A test reads other fields by name. */
interface Fields {
  readonly name: string;
  readonly account_id: string;
  readonly member: string;
  readonly role: string;
  readonly service: string;
  readonly source: string;
  readonly depends_on?: readonly string[];
  readonly dashboard_json: string;
  readonly [field: string]: unknown;
}

export interface Synthesized {
  readonly text: string;
  readonly resources: readonly Resource[];
  readonly ofType: (type: string) => readonly Resource[];
  /**
   * A field's value. Each reference in it is replaced by its value after a deployment: a name, an address, a
   * URL.
   */
  readonly resolve: (value: unknown) => string;
  /**
   * The addresses of all that Terraform has made before it makes a resource: what the resource depends on or
   * refers to, and what that does.
   */
  readonly madeBefore: (resource: Resource) => ReadonlySet<string>;
}

export type Settings = Readonly<Record<string, unknown>>;

const PROGRAM_FILES = {
  'commands/index.mjs': 'the program of the commands',
  'commands/cql/0001.cql': 'a migration',
  'worker/index.mjs': 'the program of the worker',
};

/** The committed example, as a production without an environment prefix. */
export const settings = (changes: Settings = {}): Settings => {
  const example: Settings = JSON.parse(
    readFileSync(join(import.meta.dirname, '../../cdktf/deployment.example.json'), 'utf8'),
  );
  const { isExample: _, environment: __, ...rest } = example;
  return { ...rest, ...changes };
};

/** By configuration: many tests look at the same one, and to write it takes half a second. */
const written = new Map<string, Synthesized>();

/**
 * What `npm run synth` writes for these settings. Stand-ins take the place of the archives of `npm run
 * build`.
 */
export const synthesize = (changes: Settings = {}): Synthesized => {
  const text = JSON.stringify(settings(changes));
  const found = written.get(text) ?? write(text);
  written.set(text, found);
  return found;
};

const write = (configText: string): Synthesized => {
  const folder = mkdtempSync(join(tmpdir(), 'tally-synth-'));
  try {
    for (const name of DEPLOYED_FUNCTIONS) writeFileSync(join(folder, `${name}.zip`), `archive of ${name}`);
    for (const [path, content] of Object.entries(PROGRAM_FILES)) {
      mkdirSync(join(folder, dirname(path)), { recursive: true });
      writeFileSync(join(folder, path), content);
    }
    const app = new App({ outdir: join(folder, 'out') });
    const config = parseConfig(configText);
    const archivePath = (name: string): string => join(folder, `${name}.zip`);
    const programFolder = (name: string): string => join(folder, name);
    const stack = new TallyStack(app, { config, archivePath, programFolder });
    app.synth();
    return read(readFileSync(join(folder, 'out/stacks', stack.node.id, 'cdk.tf.json'), 'utf8'));
  } finally {
    rmSync(folder, { recursive: true });
  }
};

/** What Terraform calls a resource. */
export const addressOf = ({ type, id }: Resource): string => `${type}.${id}`;

const read = (text: string): Synthesized => {
  const json: { resource: Record<string, Record<string, Fields>> } = JSON.parse(text);
  const resources = Object.entries(json.resource).flatMap(([type, byId]) =>
    Object.entries(byId).map(([id, fields]) => ({ type, id, fields })),
  );
  const referred = (type: string, id: string, attribute: string): string => {
    const resource = resources.find((candidate) => candidate.type === type && candidate.id === id);
    if (resource === undefined) throw new Error(`nothing is called ${type}.${id}`);
    const { account_id: accountId, name } = resource.fields;
    if (type === 'google_service_account') return attribute === 'member' ? `account ${accountId}` : accountId;
    return attribute === 'service_config[0].uri' ? `https://${name}` : name;
  };
  const byAddress = new Map(resources.map((resource) => [addressOf(resource), resource]));
  const collect = ({ fields }: Resource, found: Set<string>): ReadonlySet<string> => {
    const references = JSON.stringify(fields).match(/(?<=\$\{)\w+\.[\w-]+/g) ?? [];
    for (const address of [...(fields.depends_on ?? []), ...references]) {
      if (found.has(address)) continue;
      found.add(address);
      const resource = byAddress.get(address);
      if (resource !== undefined) collect(resource, found);
    }
    return found;
  };
  return {
    text,
    resources,
    madeBefore: (resource) => collect(resource, new Set()),
    ofType: (type) => resources.filter((resource) => resource.type === type),
    resolve: (value) =>
      String(value).replace(
        /\$\{(\w+)\.([\w-]+)\.([\w.[\]]+)\}/g,
        (_match, type: string, id: string, attribute: string) => referred(type, id, attribute),
      ),
  };
};
