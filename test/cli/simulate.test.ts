import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from 'vitest';
import { readRunFile } from '../../cli/runFile.ts';
import { authorization, summaryOf } from '../../cli/simulate.ts';
import { findFreePort } from '../../local/ports.ts';
import { runTally } from '../support/commands/runScript.ts';

const ANSWER = '{"runId":"r","published":{"orders":2,"payments":1,"malformed":0},"expected":{}}';
const env = { PATH: process.env.PATH ?? '' };

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** Something that answers as a test wants a simulator to. */
const startSimulator = async (
  answer: (request: IncomingMessage, response: ServerResponse) => void | Promise<void>,
): Promise<string> => {
  const server = createServer((request, response) => void answer(request, response));
  const port = await findFreePort();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  closing.push(() => server.close());
  return `http://127.0.0.1:${port}`;
};

const temporaryFolder = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'tally-simulate-'));
  closing.push(() => rm(folder, { recursive: true, force: true }));
  return folder;
};

describe('who asks a deployed simulator', () => {
  it.each([
    ['https://simulate.example', 'TOKEN\n', { authorization: 'Bearer TOKEN' }],
    ['http://127.0.0.1:8083', 'TOKEN', {}],
    ['https://simulate.example', ' ', {}],
    ['https://simulate.example', undefined, {}],
  ])('is told to %s by the token %j over TLS only', (url, token, headers) => {
    expect(authorization(url, token)).toEqual(headers);
  });
});

describe('tally simulate', () => {
  it('says what to do when no system is running', async ({ skip }) => {
    // A developer's own `tally up` would be asked for traffic.
    if ((await readRunFile()) !== undefined) skip('a system is running on this machine');

    const { exitCode, stdout, stderr } = await runTally(['simulate'], { env });

    expect(exitCode).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toBe(
      'tally: no simulator runs here: start one with "npm start", or name one with --url\n',
    );
  });

  it('posts the request as JSON, prints the answer and writes it to --out', async () => {
    const seen: unknown[] = [];
    const url = await startSimulator(async (request, response) => {
      seen.push([request.method, request.headers['content-type'], JSON.parse(await text(request))]);
      response.end(ANSWER);
    });
    const out = join(await temporaryFolder(), 'answer.json');

    const result = await runTally(
      ['simulate', '--url', url, '--out', out, '--request', '{"preset":"shop","orders":3}'],
      { env },
    );

    expect(result).toEqual({ exitCode: 0, stdout: `${ANSWER}\n`, stderr: '' });
    expect(seen).toEqual([['POST', 'application/json', { preset: 'shop', orders: 3 }]]);
    expect(await readFile(out, 'utf8')).toBe(ANSWER);
  });

  it('prints an answer of megabytes to its last byte', async () => {
    const answer = ANSWER.replace('{}', JSON.stringify('x'.repeat(8 * 1024 * 1024)));
    const url = await startSimulator((_, response) => void response.end(answer));

    const { exitCode, stdout } = await runTally(['simulate', '--url', url], { env });

    expect(exitCode).toBe(0);
    expect(stdout.length).toBe(answer.length + 1);
    expect(stdout.endsWith('x"}\n')).toBe(true);
  });

  it('says on a terminal what was published, and where the answer is', () => {
    expect(summaryOf(ANSWER, 'answer.json')).toBe(
      'Published 2 orders, 1 payment and 0 malformed messages.\n' +
        'The answer is in answer.json. To see whether all of it arrived: npx tally audit --expect answer.json',
    );
    expect(summaryOf(ANSWER, 'my answer.json')).toContain("--expect 'my answer.json'");
    expect(summaryOf('{"runId":"r"}', 'a.json')).toMatch(/^The answer is in a\.json\. /);
  });

  it('prints the answer even when --out cannot be written, and fails', async () => {
    const url = await startSimulator((_, response) => void response.end(ANSWER));
    const out = join(await temporaryFolder(), 'missing', 'answer.json');

    const { exitCode, stdout, stderr } = await runTally(['simulate', '--url', url, '--out', out], { env });

    expect(exitCode).toBe(1);
    expect(stdout).toBe(`${ANSWER}\n`);
    expect(stderr).toContain(out);
  });

  describe('when not all was confirmed', () => {
    const answer = JSON.stringify({
      published: { orders: 2, payments: 1, malformed: 0, messages: 3, failed: 4 },
      failures: ['publish to orders_data was not confirmed'],
      expected: { matched: Array.from({ length: 40_000 }, (_, id) => id) },
    });
    const said =
      'tally: the simulator answered 502: 4 messages were not confirmed: publish to orders_data was not confirmed\n';

    it('keeps the answer in --out, says how many were not, and fails', async () => {
      const url = await startSimulator((_, response) => void response.writeHead(502).end(answer));
      const out = join(await temporaryFolder(), 'answer.json');

      const result = await runTally(['simulate', '--url', url, '--out', out], { env });

      expect(result).toEqual({
        exitCode: 1,
        stdout: `Published 2 orders, 1 payment and 0 malformed messages.\nThe answer is in ${out}.\n`,
        stderr: said,
      });
      expect(await readFile(out, 'utf8')).toBe(answer);
    });

    it('prints the answer without --out, and fails', async () => {
      const url = await startSimulator((_, response) => void response.writeHead(502).end(answer));

      const result = await runTally(['simulate', '--url', url], { env });

      expect(result).toEqual({ exitCode: 1, stdout: `${answer}\n`, stderr: said });
    });
  });

  it.each(['<html>Please log in</html>', '{"status":"ok"}', ''])(
    'fails and keeps nothing when something else answers 200, with %j',
    async (page) => {
      const url = await startSimulator((_, response) => void response.end(page));
      const out = join(await temporaryFolder(), 'answer.json');

      const result = await runTally(['simulate', '--url', url, '--out', out], { env });

      expect(result).toEqual({
        exitCode: 1,
        stdout: '',
        stderr: `tally: something that is no simulator answered at ${url}: ${JSON.stringify(page)}\n`,
      });
      expect(await readdir(dirname(out))).toEqual([]);
    },
  );

  it('quotes the beginning of a page that is no answer', async () => {
    const url = await startSimulator((_, response) => void response.writeHead(502).end('<p>'.repeat(9_999)));

    const { exitCode, stdout, stderr } = await runTally(['simulate', '--url', url], { env });

    expect([exitCode, stdout]).toEqual([1, '']);
    expect(stderr).toContain('the simulator answered 502: <p><p>');
    expect(stderr.length).toBeLessThan(2_000);
  });

  it('fails with the simulator’s own words when it refuses', async () => {
    const url = await startSimulator(
      (_, response) => void response.writeHead(400).end('{"error":"orders: expected a whole number"}'),
    );

    const { exitCode, stdout, stderr } = await runTally(['simulate', '--url', url], { env });

    expect(exitCode).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toContain('the simulator answered 400: {"error":"orders: expected a whole number"}');
  });

  it.for<[string, (response: ServerResponse) => void]>([
    ['hangs up', (response) => response.destroy()],
    [
      'hangs up in the middle of its answer',
      (response) => {
        response.writeHead(200, { 'content-length': '100' });
        response.write('{"run');
        response.flushHeaders();
        setImmediate(() => response.destroy());
      },
    ],
  ])('fails when the simulator %s', async ([, misbehave]) => {
    const url = await startSimulator((_, response) => misbehave(response));

    const { exitCode, stdout, stderr } = await runTally(['simulate', '--url', url], { env });

    expect(exitCode).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toContain(`the simulator at ${url} does not answer: `);
  });

  it('fails when nobody is there', async () => {
    const url = `http://localhost:${await findFreePort()}`;

    const { exitCode, stderr } = await runTally(['simulate', '--url', url], { env });

    expect(exitCode).toBe(1);
    expect(stderr).toMatch(new RegExp(`^tally: the simulator at ${url} does not answer\\b.*[^ :]\n$`));
  });
});
