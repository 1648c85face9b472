import { spawn } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { once } from 'node:events';
import { openTemporaryFolder } from '../../local/openTemporaryFolder.ts';
import { type Environment, valueIn } from '../../shared/config.ts';
import { maskBody } from '../../shared/masking/maskBody.ts';
import { parseOrder, parsePayment } from '../../shared/messaging/parseMessage.ts';
import { editDeadLetter, EditNotNotedError, problemsOfBody } from '../../shared/operations/editDeadLetter.ts';
import { findDeadLetters } from '../../shared/operations/findDeadLetters.ts';
import { inputTopicOf } from '../../shared/operations/planRedrive.ts';
import { runOperation } from '../../shared/operations/runOperation.ts';
import type { OpenedStore } from '../../shared/store/openOperationsStore.ts';
import type { DeadLetterRow } from '../../shared/store/auditSource.ts';
import { type InputTopic, nameIn } from '../../shared/topology.ts';
import { askToGoOn } from '../askToGoOn.ts';
import { formatAction } from '../formatAction.ts';
import { openPublisher } from '../openPublisher.ts';
import { operatorOf } from '../operatorOf.ts';
import { readBody } from '../readBody.ts';
import { sayUnclosed } from '../sayUnclosed.ts';
import { showText } from '../showText.ts';
import { toJsonLine } from '../toJsonLine.ts';
import { UnableError } from '../unableError.ts';
import { InterruptedError, waitForInterrupt } from '../waitForInterrupt.ts';
import { withOperations } from '../withOperations.ts';
import { ANY_DEAD_LETTER } from '../../shared/operations/deadLetterFilter.ts';
import { DeadLetterUnknownError } from './show.ts';

interface EditOptions {
  readonly id: string;
  /** The corrected body, `-` for standard input. Undefined: an editor opens the payload. */
  readonly file: string | undefined;
  readonly because: string | undefined;
  readonly yes: boolean;
  readonly json: boolean;
}

/**
 * Publishes a corrected copy of a dead letter as a new event. The original stays as it is.
 * @throws DeadLetterUnknownError when there is none; UnableError when it may not, when nothing was sent, when
 * Pub/Sub did not confirm it, or when that it was sent could not be noted.
 */
export const editCommand = async (options: EditOptions, env: Environment): Promise<void> => {
  const { id, because, yes, json } = options;
  await withOperations(env, { json, writes: true, publishes: true }, async (store, target) => {
    const { row, topic } = await findEditable(store, id);
    for (const action of await store.findActions(row)) console.error(`It was ${formatAction(action)}`);
    const body = await correctedBody(options, { store, row, topic, env }).catch((error: unknown) => {
      throw error instanceof UnableError || error instanceof InterruptedError
        ? error
        : new UnableError('nothing was sent', { cause: error });
    });
    if (maskBody(body).isRedacted) {
      console.error('The body holds what may be a card number. It is masked before it is sent.');
    }
    const to = nameIn(target.config.environment, topic);
    await askToGoOn(
      `The corrected body (${body.byteLength} bytes) would be sent to ${to} as a new event.`,
      yes,
    );
    const publisher = openPublisher(target);
    try {
      const deps = { store, publisher, clock: Date.now, onUnclosed: sayUnclosed };
      const request = {
        action: 'dlq edit',
        operator: operatorOf(env),
        filter: `id ${id}`,
        because: because ?? '',
      };
      const { messageId } = await runOperation(deps, request, async (operation) => {
        const sentAs = await editDeadLetter(deps, row, body, operation);
        return { messageId: sentAs, summary: `sent as message ${sentAs}` };
      });
      const orderId = orderIdOf(topic, body);
      console.log(
        json
          ? toJsonLine({ id, messageId, topic: to, orderId })
          : `Sent as message ${messageId} to ${to}.\nSee what became of it: npx tally order ${orderId}`,
      );
    } catch (error) {
      throw error instanceof EditNotNotedError
        ? new UnableError(error.message, { cause: error.cause })
        : error;
    } finally {
      await publisher.close();
    }
  });
};

/** @param body valid for its topic. */
const orderIdOf = (topic: InputTopic, body: Uint8Array): bigint =>
  topic === 'orders_data' ? parseOrder(body).order.orderId : parsePayment(body).payment.orderId;

const findEditable = async (
  store: OpenedStore,
  id: string,
): Promise<{ readonly row: DeadLetterRow; readonly topic: InputTopic }> => {
  for await (const rows of findDeadLetters(store, { ...ANY_DEAD_LETTER, ids: [id] }, { nowMs: Date.now() })) {
    const [row] = rows;
    if (row === undefined) continue;
    const topic = inputTopicOf(row.originTopic);
    if (topic === undefined)
      throw new UnableError(`dead letter ${id} is of an unknown topic: ${row.originTopic}`);
    return { row, topic };
  }
  throw new DeadLetterUnknownError(id);
};

interface Edited {
  readonly store: OpenedStore;
  readonly row: DeadLetterRow;
  readonly topic: InputTopic;
  readonly env: Environment;
}

const correctedBody = async ({ file }: EditOptions, edited: Edited): Promise<Buffer> => {
  const { row, topic } = edited;
  console.error(`It was ${row.reason}: ${showText(row.error)}`);
  if (file === undefined) return editInEditor(edited);
  const body = await readBody(file);
  const problems = problemsOfBody(topic, body);
  if (problems.length > 0) throw new UnableError(refusalOf(problems));
  return body;
};

const refusalOf = (problems: readonly string[]): string =>
  ['nothing was sent, because the body is not valid:', ...problems.map((one) => `  ${one}`)].join('\n');

/** Opens the payload in an editor until it is valid, or until the operator gives up. */
const editInEditor = async ({ store, row, topic, env }: Edited): Promise<Buffer> => {
  if (row.payloadSha256 !== undefined) {
    throw new UnableError(
      'its payload was cut, so there is nothing whole to edit: give the whole body with --file',
    );
  }
  const editor = valueIn(env, 'VISUAL') ?? valueIn(env, 'EDITOR');
  if (editor === undefined || !process.stdin.isTTY) {
    throw new UnableError('no editor can be opened here: set EDITOR, or give the corrected body with --file');
  }
  const payload = await store.findPayload(row, row.reason);
  // Ctrl-C belongs to the editor. If it ended this process, the file would stay.
  process.on('SIGINT', STAY);
  const interrupt = waitForInterrupt(['SIGTERM', 'SIGHUP']);
  // It may hold a person's data, so nobody else may read it, and it does not stay.
  const folder = openTemporaryFolder('edit');
  try {
    const path = join(folder.path, `${row.id}.json`);
    await writeFile(path, payload, { mode: 0o600 });
    const untilValid = async (): Promise<Buffer> => {
      for (;;) {
        await runEditor(editor, path, interrupt.interrupted);
        const body = await readFile(path);
        if (body.equals(payload)) throw new UnableError('nothing was changed, and nothing was sent');
        const problems = problemsOfBody(topic, body);
        if (problems.length === 0) return body;
        console.error(['The body is not valid:', ...problems.map((one) => `  ${one}`)].join('\n'));
        await askToGoOn('The editor opens again.', false);
      }
    };
    return await interrupt.orInterrupted(untilValid());
  } finally {
    folder.remove();
    interrupt.release();
    process.off('SIGINT', STAY);
  }
};

const STAY = (): void => {};

/**
 * The variable may hold options, as in `code --wait`, so a shell reads it. The editor takes the place of that
 * shell, so that it hears a signal, and `env` lets the variable begin with other variables.
 */
const runEditor = async (editor: string, path: string, interrupted: Promise<unknown>): Promise<void> => {
  const child = spawn('sh', ['-c', `exec env ${editor} "$1"`, 'sh', path], { stdio: 'inherit' });
  // Its file goes, and nobody waits for it any more.
  void interrupted.then(() => child.kill());
  const [exitCode] = await once(child, 'close');
  if (exitCode !== 0)
    throw new UnableError(`the editor (${editor}) ended with ${String(exitCode)}: nothing was sent`);
};
