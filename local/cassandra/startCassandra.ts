import { valueIn } from '../../shared/config.ts';
import { findCassandraJava, findDocker, findMaven, type Found } from '../findPrograms.ts';
import type { LocalPart } from '../localPart.ts';
import { startDockerCassandra } from './startDockerCassandra.ts';
import { hasCassandraJars } from './downloadJars.ts';
import { loadExternalCassandra, useExternalCassandra } from './useExternalCassandra.ts';
import { startMavenCassandra } from './startMavenCassandra.ts';
import { startMemoryStore } from './startMemoryStore.ts';
import type { CassandraKind, CassandraOptions } from './options.ts';
import { type CassandraSwitch, startSwitchableCassandra } from './startSwitchableCassandra.ts';

/** A kind of Cassandra, and why it was chosen. */
export interface CassandraChoice {
  readonly kind: CassandraKind;
  readonly why: string;
}

interface CassandraPart extends LocalPart {
  /** Undefined for one that Tally cannot stop and start again, or was not asked to. */
  readonly cassandraSwitch?: CassandraSwitch;
}

interface StartOptions extends CassandraOptions {
  /**
   * Given: the kind `maven` gets a switch, and calls this when it ends although nobody had asked.
   */
  readonly onCassandraDied?: ((error: unknown) => void) | undefined;
}

/**
 * Chooses the kind that is asked for, or else the first that this machine has.
 * @throws Error as `loadExternalCassandra` does, when that is the kind. Then nothing has been touched. Error
 * when a program of this machine does not answer, so that nobody knows which is the first.
 */
export const chooseCassandra = async (
  options: Pick<CassandraOptions, 'kind' | 'env' | 'downloadFolder'>,
): Promise<CassandraChoice> => {
  const choice =
    options.kind === undefined
      ? await detect(options)
      : { kind: options.kind, why: `--cassandra ${options.kind}` };
  if (choice.kind === 'external') loadExternalCassandra(options.env);
  return choice;
};

/**
 * Starts a Cassandra, or what stands in for one, or takes the one that the environment names.
 * @param choice default: what `chooseCassandra` chooses.
 * @throws Error when this machine cannot run the kind that is asked for. It says what to install.
 */
export const startCassandra = async (
  options: StartOptions,
  choice?: CassandraChoice,
): Promise<CassandraPart> => {
  const { kind, why } = choice ?? (await chooseCassandra(options));
  switch (kind) {
    case 'external':
      return useExternalCassandra(options, why);
    case 'docker':
      return startDockerCassandra(options, why);
    case 'maven':
      return options.onCassandraDied === undefined
        ? startMavenCassandra(options, why)
        : startSwitchableCassandra({ ...options, onCassandraDied: options.onCassandraDied }, why);
    case 'memory':
      return startMemoryStore(why);
  }
};

const detect = async ({
  env,
  downloadFolder,
}: Pick<CassandraOptions, 'env' | 'downloadFolder'>): Promise<CassandraChoice> => {
  const named = ['CASSANDRA_CONTACT_POINTS', 'CASSANDRA_SECURE_CONNECT_BUNDLE'].find(
    (name) => valueIn(env, name) !== undefined,
  );
  if (named !== undefined) return { kind: 'external', why: `${named} is set` };
  const docker = answered(await findDocker(env));
  if ('found' in docker) return { kind: 'docker', why: `Docker ${docker.found} answers` };
  const java = answered(await findCassandraJava(env));
  const maven = hasCassandraJars(downloadFolder) ? { found: 'cache' } : answered(await findMaven(env));
  if ('found' in java && 'found' in maven) {
    const source = maven.found === 'cache' ? 'the jars are here' : 'Maven is here';
    return { kind: 'maven', why: `${docker.missing}; Java ${java.found.major} and ${source}` };
  }
  const missing = [docker, java, maven].flatMap((program) => ('missing' in program ? [program.missing] : []));
  return { kind: 'memory', why: `${missing.join(', ')}: start Docker, or install Java 17 and Maven` };
};

/**
 * Only a program that is known to be missing may change the choice: the last run may have used it.
 * @throws Error for a program that did not answer in time.
 */
const answered = <T>(program: Found<T>): Found<T> => {
  if ('found' in program || program.isSlow !== true) return program;
  throw new Error(
    `${program.missing}, and another Cassandra than that of the last run would not have its data: ` +
      'start again, or choose with --cassandra docker, maven or memory',
  );
};
