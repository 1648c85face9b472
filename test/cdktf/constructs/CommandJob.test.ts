import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { text as textOf } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { until } from '../../../proof/until.ts';
import { loadConfig } from '../../../shared/config.ts';
import { addressOf, type Settings, synthesize } from '../../support/synthesized.ts';

const OPERATORS = { operators: ['group:on-call@example.com'] };

interface Task {
  readonly service_account: string;
  readonly max_retries: number;
  readonly timeout: string;
  readonly vpc_access?: object;
  readonly containers: readonly {
    readonly image: string;
    readonly command: readonly string[];
    readonly args: readonly string[];
    readonly working_dir: string;
    readonly env: readonly { readonly name: string; readonly value?: string }[];
    readonly volume_mounts: readonly { readonly name: string; readonly mount_path: string }[];
  }[];
  readonly volumes: readonly {
    readonly name: string;
    readonly gcs?: { readonly bucket: string; readonly read_only?: boolean };
    readonly secret?: object;
  }[];
}

const jobOf = (changes: Settings = {}) => {
  const synthesized = synthesize({ commands: OPERATORS, ...changes });
  const [job, ...others] = synthesized.ofType('google_cloud_run_v2_job');
  if (job === undefined || others.length > 0) throw new Error('expected one job');
  const task = Reflect.get(Object(job.fields.template), 'template') as Task;
  const [container] = task.containers;
  if (container === undefined) throw new Error('expected a container');
  return { ...synthesized, job, task, container };
};

const plain = jobOf();

const ASTRA = {
  usernameSecret: { name: 'id' },
  passwordSecret: { name: 'password', version: '3' },
  secureConnectBundleSecret: { name: 'bundle' },
};

describe('the job of the commands', () => {
  it('is not there unless somebody is named who may run it', () => {
    const { ofType, text } = synthesize();

    expect(ofType('google_cloud_run_v2_job')).toEqual([]);
    expect(text).not.toContain('tally-commands');
  });

  it.each([
    ['a cluster', {}],
    ['the cluster of an environment', { environment: 'staging' }],
    ['Astra', { cassandra: ASTRA }],
  ])('knows %s as the functions do', (_what, changes) => {
    const { task, container, ofType } = jobOf(changes);
    const env = Object.fromEntries(container.env.map(({ name, value }) => [name, value ?? 'SECRET']));
    const [{ fields } = {}] = ofType('google_cloudfunctions2_function');
    const service = Object(fields?.service_config);
    const secrets = service.secret_environment_variables.map(({ key }: { key: string }) => [key, 'SECRET']);

    const ofAFunction = { ...service.environment_variables, ...Object.fromEntries(secrets) };
    expect(loadConfig(env)).toEqual(loadConfig(ofAFunction));
    expect(task.vpc_access).toEqual({
      connector: service.vpc_connector,
      egress: service.vpc_connector_egress_settings,
    });
  });

  it('goes over the internet where the functions do', () => {
    expect(jobOf({ network: undefined }).task).not.toHaveProperty('vpc_access');
  });

  it('gives its volumes names that the platform takes, whatever the secrets are called', () => {
    const cassandra = { ...ASTRA, secureConnectBundleSecret: { name: `Tally_${'x'.repeat(240)}` } };

    const names = jobOf({ cassandra }).task.volumes.map(({ name }) => name);
    expect(new Set(names).size).toBe(3);
    for (const name of names) expect(name).toMatch(/^[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/);
  });

  it.each([{}, { cassandra: ASTRA }])('mounts every secret file that it is told of: %j', (changes) => {
    const { container, task } = jobOf(changes);
    const told = container.env.filter(({ value }) => value?.startsWith('/')).map(({ value = '' }) => value);

    const mounted = container.volume_mounts.flatMap(({ name, mount_path: folder }) =>
      task.volumes.some((volume) => volume.name === name && volume.secret !== undefined) ? [folder] : [],
    );
    expect(mounted).toEqual(told.map((file) => dirname(file)));
    expect(mounted).toHaveLength(1);
  });

  it('runs once for a person, as an account of its own, and has no password in it', () => {
    const { task, container, resolve } = plain;

    expect(task.max_retries).toBe(0);
    expect(resolve(task.service_account)).toBe('tally-commands');
    const login = container.env.filter(({ name }) => /USERNAME|PASSWORD/.test(name));
    expect(login.map(({ name, value }) => [name, value])).toEqual([
      ['CASSANDRA_USERNAME', undefined],
      ['CASSANDRA_PASSWORD', undefined],
    ]);
  });

  it('reads its program from the bucket of archives, and can write only what it prints', () => {
    const { task, resolve } = plain;

    const buckets = task.volumes.flatMap(({ gcs }) =>
      gcs === undefined ? [] : [`${resolve(gcs.bucket)} ${gcs.read_only === true ? 'read' : 'write'}`],
    );
    expect(buckets).toEqual(['my-project-tally-source read', 'my-project-tally-commands write']);
  });

  it('finds each folder of its program as an object, because a bucket has no folders', () => {
    const names = plain
      .ofType('google_storage_bucket_object')
      .map(({ fields }) => fields.name)
      .filter((name) => name.startsWith('commands-'));

    const prefix = /^commands-[0-9a-f]{32}/.exec(names[0] ?? '')?.[0];
    expect(names.toSorted()).toEqual(
      ['/', '/cql/', '/cql/0001.cql', '/index.mjs'].map((name) => `${prefix}${name}`),
    );
  });

  it('is made after its program is there, and two minutes after all that it starts with', () => {
    const { job, madeBefore, resources, resolve } = plain;
    const before = madeBefore(job);

    const needed = resources.filter(
      ({ type, fields }) =>
        (type === 'google_storage_bucket_object' && fields.name.startsWith('commands-')) ||
        (type.includes('_iam_') &&
          type !== 'google_pubsub_topic_iam_member' &&
          resolve(fields.member) === 'account tally-commands'),
    );
    // The program in 4 objects; 3 secrets and 2 buckets.
    expect(needed).toHaveLength(4 + 5);
    for (const resource of needed) expect(before).toContain(addressOf(resource));
    const waits = resources.filter(
      (resource) => resource.type === 'time_sleep' && before.has(addressOf(resource)),
    );
    expect(waits.map(({ fields }) => fields.create_duration)).toEqual(['120s']);
  });

  it('keeps what was printed for a day, and nothing of it after that', () => {
    const bucket = plain
      .ofType('google_storage_bucket')
      .find(({ fields }) => fields.name === 'my-project-tally-commands');

    expect(bucket?.fields).toMatchObject({
      lifecycle_rule: [{ action: { type: 'Delete' }, condition: { age: 1 } }],
      soft_delete_policy: { retention_duration_seconds: 0 },
    });
  });

  it('is deployed without functions and topics, because it makes the tables before they come', () => {
    const types = [...plain.madeBefore(plain.job)].map((address) => address.split('.')[0]);

    expect(types).toContain('google_storage_bucket');
    expect(types).not.toContainEqual(expect.stringMatching(/pubsub|cloudfunctions/));
  });

  it('has the name by which the guide deploys it alone', () => {
    expect(addressOf(plain.job)).toBe('google_cloud_run_v2_job.commands');
  });
});

describe('the script of the job', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tally-job-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** Starts the script as Cloud Run does: in the folder of the output, with our program as its own. */
  const start = (program: string, args: readonly string[]) => {
    const { container, resources } = plain;
    const [shell = '', ...rest] = container.command;
    const path = /\/tally\/[\w-]+\/index\.mjs/.exec(rest.join(' '))?.[0] ?? 'none';
    const names = resources
      .filter(({ type }) => type === 'google_storage_bucket_object')
      .map(({ fields }) => `/tally/${fields.name}`);
    expect(names).toContain(path);
    writeFileSync(join(folder, 'program.mjs'), program);
    const ours = rest.map((word) => word.replace(path, join(folder, 'program.mjs')));
    const env = { PATH: `${dirname(process.execPath)}:${process.env.PATH}`, CLOUD_RUN_EXECUTION: 'run-1' };
    return spawn(shell, [...ours, ...args], { cwd: folder, env });
  };

  const endOf = async (script: ReturnType<typeof start>) => {
    const [stdout, stderr, [status]] = await Promise.all([
      textOf(script.stdout),
      textOf(script.stderr),
      once(script, 'close'),
    ]);
    return { status, stdout, stderr, file: fileOf() };
  };

  const run = (program: string, args: readonly string[]) => endOf(start(program, args));

  const fileOf = (): string => readFileSync(join(folder, 'run-1.txt'), 'utf8');

  it('gives the arguments to the program as they are, and prints nothing that would be logged', async () => {
    const { status, stdout, stderr, file } = await run('console.log(JSON.stringify(process.argv.slice(2)))', [
      'order',
      '17',
      'a "quoted" $HOME word',
    ]);

    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '', stderr: '' });
    expect(file).toBe('["order","17","a \\"quoted\\" $HOME word"]\nexit code 0\n');
  });

  it('ends as the program did, and writes its errors and its exit code to the file', async () => {
    const { status, file } = await run('console.error("what is wrong"); process.exitCode = 3', ['audit']);

    expect(status).toBe(3);
    expect(file).toBe('what is wrong\nexit code 3\n');
  });

  it('lets the program end in order when the run is cancelled, and waits for its last words', async () => {
    const script = start(
      `process.on('SIGTERM', () => setTimeout(() => {
         console.log('ended in order');
         process.exit(3);
       }, 200));
       setTimeout(() => {}, 20_000);
       console.log('working');`,
      ['audit'],
    );
    const ended = endOf(script);
    await until('the program works', () => existsSync(join(folder, 'run-1.txt')) && fileOf() !== '');

    script.kill('SIGTERM');

    expect(await ended).toEqual({
      status: 3,
      stdout: '',
      stderr: '',
      file: 'working\nended in order\nexit code 3\n',
    });
  });

  it('says that a cancelled run was ended by a signal, if its program does not listen', async () => {
    const script = start(`console.log('working'); setTimeout(() => {}, 20_000);`, ['order', '17']);
    const ended = endOf(script);
    await until('the program works', () => existsSync(join(folder, 'run-1.txt')) && fileOf() !== '');

    script.kill('SIGTERM');

    const { status, file } = await ended;
    expect(status).toBe(143);
    // A shell may say so, too.
    expect(file).toMatch(/^working\n(?:Terminated[^\n]*\n)?exit code 143\n$/);
  });
});
