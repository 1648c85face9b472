import { describe, expect, it } from 'vitest';
import { type Resource, type Settings, synthesize } from '../support/synthesized.ts';

const LONGEST = 'abcdefghijklm';
/** So that the commands have names too. */
const commands = { operators: ['user:a@example.com'] };

/** Google's limits for names, by type of resource: its field, and what it may hold. */
const LIMITS: Readonly<Record<string, readonly [field: string, allowed: RegExp]>> = {
  google_service_account: ['account_id', /^[a-z][a-z0-9-]{4,28}[a-z0-9]$/],
  google_cloudfunctions2_function: ['name', /^[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/],
  google_cloud_run_v2_job: ['name', /^[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/],
  google_cloud_run_v2_worker_pool: ['name', /^[a-z](?:[a-z0-9-]{0,47}[a-z0-9])?$/],
  google_cloud_scheduler_job: ['name', /^[\w-]{1,500}$/],
  google_logging_metric: ['name', /^[\w.,+!*',()%/-]{1,100}$/],
  google_pubsub_subscription: ['name', /^(?!goog)[a-zA-Z][\w.~+%-]{2,254}$/],
  google_pubsub_topic: ['name', /^(?!goog)[a-zA-Z][\w.~+%-]{2,254}$/],
  google_storage_bucket: ['name', /^[a-z0-9][a-z0-9_-]{1,61}[a-z0-9]$/],
};

/** Everything that has a name of its own within a project. */
const namesOf = (resources: readonly Resource[]): string[] =>
  resources.flatMap(({ type, fields }) => {
    const field = LIMITS[type]?.[0];
    return field === undefined ? [] : [`${type} ${String(fields[field])}`];
  });

describe('names', () => {
  it.each([
    ['no environment', {}],
    ['the longest environment', { environment: LONGEST }],
    ['the longest environment and a worker', { environment: LONGEST, network: undefined, worker: {} }],
    ['the longest of both', { environment: LONGEST, project: `p${'x'.repeat(29)}` }],
  ])('stay within Google’s limits with %s', (_what, changes) => {
    const { resources } = synthesize({ ...changes, commands });

    const bad = resources.filter(({ type, fields }) => {
      const [field = '', allowed = /./] = LIMITS[type] ?? [];
      return field !== '' && !allowed.test(String(fields[field]));
    });
    expect(bad).toEqual([]);
  });

  it('need every character that an environment’s name may have: one more, and an account’s would be too long', () => {
    const { ofType } = synthesize({ environment: LONGEST });

    const lengths = ofType('google_service_account').map(({ fields }) => fields.account_id.length);
    expect(Math.max(...lengths)).toBe(30);
  });

  it.each([
    ['none and one', {}, { environment: 'staging' }],
    ['two', { environment: 'a' }, { environment: 'a-b' }],
    ['one that is called as we are', {}, { environment: 'tally' }],
  ])('of %s environments in one project do not collide', (_what, one, other) => {
    const names = namesOf(synthesize({ ...one, commands }).resources);
    const others = namesOf(synthesize({ ...other, commands }).resources);

    expect(names.length).toBeGreaterThan(20);
    expect(names.filter((name) => others.includes(name))).toEqual([]);
  });

  it.each([
    [{ project: 'acme-shop', environment: 'staging' }, { project: 'acme-shop-staging' }],
    [
      { project: 'acme-shop', environment: 'staging-b' },
      { project: 'acme-shop-staging', environment: 'b' },
    ],
  ])(
    'of buckets in two projects do not collide, because all projects share them: %j and %j',
    (one, other) => {
      const bucketsOf = (place: Settings) =>
        namesOf(synthesize({ ...place, commands }).ofType('google_storage_bucket'));

      expect(bucketsOf(one)).toHaveLength(2);
      expect(bucketsOf(one).filter((name) => bucketsOf(other).includes(name))).toEqual([]);
    },
  );

  it.each([{}, { environment: 'staging' }, { network: undefined, worker: {} }])(
    'carry labels that say whose they are, in small letters: %j',
    (changes) => {
      const { resources } = synthesize({ ...changes, commands });
      const labelled = resources.flatMap(({ type, fields }) => {
        const labels = type.startsWith('google_monitoring_') ? fields.user_labels : fields.labels;
        return labels === undefined ? [] : [labels];
      });

      expect(labelled.length).toBeGreaterThan(12);
      for (const labels of labelled) {
        expect(labels).toEqual({
          app: 'tally',
          environment: Reflect.get(changes, 'environment') ?? 'default',
        });
        for (const label of Object.values(Object(labels))) expect(label).toMatch(/^[a-z0-9_-]{1,63}$/);
      }
    },
  );
});

describe('Terraform’s state', () => {
  const stateOf = (changes: Settings): string =>
    JSON.stringify(JSON.parse(synthesize(changes).text).terraform.backend);

  it.each([
    ['a file', {}],
    ['a bucket', { stateBucket: 'my-state' }],
  ])('in %s is of one environment in one project', (_what, where) => {
    const states = [
      { project: 'my-project' },
      { project: 'my-project', environment: 'staging' },
      { project: 'your-project' },
      { project: 'your-project', environment: 'staging' },
      { project: 'my-project-staging' },
    ].map((place) => stateOf({ ...where, ...place }));

    expect(new Set(states).size).toBe(states.length);
  });

  it('is where it was said to be', () => {
    const place = { project: 'my-project', environment: 'staging' };

    expect(stateOf(place)).toContain('"../../../terraform.my-project.staging-tally.tfstate"');
    expect(stateOf({ ...place, stateBucket: 'my-state' })).toContain('"tally/my-project/staging-tally"');
  });
});

describe('a destroy', () => {
  it('leaves the project’s services enabled, for others may use them', () => {
    const { ofType } = synthesize();

    const services = ofType('google_project_service').map(
      ({ fields }) => `${fields.service} ${String(fields.disable_on_destroy)}`,
    );
    expect(services.toSorted()).toEqual(
      [
        'artifactregistry',
        'cloudbuild',
        'cloudfunctions',
        'cloudresourcemanager',
        'cloudscheduler',
        'iam',
        'logging',
        'monitoring',
        'pubsub',
        'run',
        'secretmanager',
        'storage',
      ].map((name) => `${name}.googleapis.com false`),
    );
  });

  it('takes the buckets with it, which nobody but Tally can read until then', () => {
    const buckets = synthesize({ commands, allowDestroy: true }).ofType('google_storage_bucket');

    expect(buckets).toHaveLength(2);
    for (const { fields } of buckets) {
      expect(fields).toMatchObject({
        force_destroy: true,
        uniform_bucket_level_access: true,
        public_access_prevention: 'enforced',
      });
    }
  });

  it.each([
    ['is refused for everything that holds messages or archives', {}, true],
    ['is allowed where the configuration says so', { allowDestroy: true }, false],
  ])('%s', (_what, changes, isPrevented) => {
    const kept = synthesize(changes).resources.filter(({ type }) =>
      ['google_pubsub_topic', 'google_pubsub_subscription', 'google_storage_bucket'].includes(type),
    );

    expect(kept).toHaveLength(9);
    for (const { fields } of kept) expect(fields.lifecycle).toEqual({ prevent_destroy: isPrevented });
  });
});

describe('everything', () => {
  it('waits for the services that it needs', () => {
    const { resources } = synthesize({ commands });

    const others = resources.filter(
      ({ type }) => type.startsWith('google_') && type !== 'google_project_service',
    );
    for (const { fields } of others) {
      const waitsFor = fields.depends_on?.join(' ');
      expect(waitsFor).toContain('google_project_service.');
      // Terraform takes no template here.
      expect(waitsFor).not.toContain('${');
    }
  });
});
