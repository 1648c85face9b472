import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { bundleFunction } from '../../../cdktf/bundle/bundleFunction.ts';
import { packageFiles } from '../../../cdktf/bundle/packageFiles.ts';
import { zip } from '../../../cdktf/bundle/zip.ts';

const LOCK = JSON.parse(readFileSync(join(import.meta.dirname, '../../../package-lock.json'), 'utf8'));

describe('an archive', () => {
  it('has the same bytes whenever and in whatever order it is made', async () => {
    const once = await bundleFunction('onDlq');
    const again = await bundleFunction('onDlq');

    expect(zip(again.toReversed()).equals(zip(once))).toBe(true);
  });

  it('changes with its contents', () => {
    const file = (text: string) => [{ name: 'a', bytes: Buffer.from(text) }];

    expect(zip(file('1')).equals(zip(file('2')))).toBe(false);
  });

  it('holds what was put into it', () => {
    const text = 'some text, some text, some text';
    const archive = zip([{ name: 'a.txt', bytes: Buffer.from(text) }]);

    const [headerBytes, packedBytes] = [30 + 'a.txt'.length, archive.readUInt32LE(18)];
    const packed = archive.subarray(headerBytes, headerBytes + packedBytes);
    expect(inflateRawSync(packed).toString()).toBe(text);
  });
});

describe('a bundle', () => {
  it('has the Pub/Sub client beside it only where the function publishes', async () => {
    const hasClient = async (name: 'onOrder' | 'onDlq' | 'audit'): Promise<boolean> =>
      (await bundleFunction(name)).some((file) => file.name === 'pubsub.cjs');

    expect(await hasClient('onOrder')).toBe(true);
    expect(await hasClient('onDlq')).toBe(false);
    expect(await hasClient('audit')).toBe(false);
  });

  it('says nothing of the machine that made it', async () => {
    for (const { bytes } of await bundleFunction('audit'))
      expect(Buffer.from(bytes).includes(join(import.meta.dirname, '../../..'))).toBe(false);
  });

  it('has one language of zod: a bundler drops the others only from `import * as z`', async () => {
    const programs = (await bundleFunction('audit')).filter(({ name }) => name.endsWith('.mjs'));

    const languages = programs.flatMap(({ bytes }) =>
      [
        ...Buffer.from(bytes)
          .toString()
          .matchAll(/zod\/v4\/locales\/(\w+)\.js/g),
      ].map(([, name]) => name),
    );
    expect(languages).toEqual(['en']);
  });
});

describe('what a function installs', () => {
  it('is the framework and what it needs, each in the version of our own lock file', async () => {
    const files = await packageFiles('onOrder');
    const [manifest, lock] = files.map(({ bytes }) => JSON.parse(Buffer.from(bytes).toString()));

    expect(Object.keys(manifest.dependencies)).toEqual(['@google-cloud/functions-framework']);
    const packages: [string, { version?: string }][] = Object.entries(lock.packages);
    expect(packages.length).toBeGreaterThan(50);
    expect(packages.map(([path]) => path)).toContain('node_modules/express');
    for (const [path, { version }] of packages.filter(([place]) => place !== ''))
      expect(version).toBe(LOCK.packages[path].version);
  });
});
