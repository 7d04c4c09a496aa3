import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { renderSbom } from '../../scripts/sbom.mjs';

interface Locked {
  readonly version?: string;
  readonly integrity?: string;
  readonly resolved?: string;
  readonly hasInstallScript?: boolean;
  readonly bin?: Readonly<Record<string, string>>;
}
const lockfile = JSON.parse(await readFile('package-lock.json', 'utf8')) as {
  readonly packages: Readonly<Record<string, Locked>>;
};
const packages = Object.entries(lockfile.packages).filter(([path]) => path !== '');

/** What CycloneDX 1.6 asks of these fields (bom-1.6.schema.json). */
const Component = v.strictObject({
  type: v.picklist(['application', 'library']),
  'bom-ref': v.pipe(v.string(), v.minLength(1)),
  name: v.string(),
  version: v.string(),
  description: v.optional(v.string()),
  scope: v.optional(v.picklist(['required', 'optional', 'excluded'])),
  hashes: v.optional(
    v.array(
      v.strictObject({
        alg: v.picklist(['SHA-1', 'SHA-256', 'SHA-384', 'SHA-512']),
        content: v.pipe(
          v.string(),
          v.regex(/^([a-fA-F0-9]{32}|[a-fA-F0-9]{40}|[a-fA-F0-9]{64}|[a-fA-F0-9]{96}|[a-fA-F0-9]{128})$/),
        ),
      }),
    ),
  ),
  licenses: v.tuple([v.strictObject({ expression: v.pipe(v.string(), v.minLength(1)) })]),
  purl: v.pipe(v.string(), v.regex(/^pkg:npm\/(%40[a-z0-9._-]+\/)?[a-z0-9._-]+@\d+\.\d+\.\d+[\w.+-]*$/i)),
});
const Bom = v.strictObject({
  $schema: v.literal('http://cyclonedx.org/schema/bom-1.6.schema.json'),
  bomFormat: v.literal('CycloneDX'),
  specVersion: v.literal('1.6'),
  version: v.literal(1),
  metadata: v.strictObject({ component: Component }),
  components: v.array(Component),
  dependencies: v.array(v.strictObject({ ref: v.string(), dependsOn: v.array(v.string()) })),
});

describe('the bill of materials', () => {
  it('is CycloneDX: what ships, pinned by the digests of the lockfile', () => {
    const names = ['svelte', 'idb', '@tensorflow/tfjs-core', '@lucide/svelte'];
    const text = renderSbom(names.map((name) => resolve('node_modules', name)));
    const bom = v.parse(Bom, JSON.parse(text));
    expect(bom.components.map(({ name }) => name).sort()).toEqual([...names].sort());
    for (const { name, version, hashes } of bom.components) {
      const entry = lockfile.packages[`node_modules/${name}`]!;
      expect(version).toBe(entry.version);
      const digest = Buffer.from(hashes![0]!.content, 'hex').toString('base64');
      expect(`${hashes![0]!.alg.toLowerCase().replace('-', '')}-${digest}`).toBe(entry.integrity);
    }
    const refs = new Set(bom.components.map((component) => component['bom-ref']));
    expect(refs.size).toBe(names.length);
    expect(bom.dependencies).toEqual([{ ref: bom.metadata.component['bom-ref'], dependsOn: [...refs] }]);
    expect(renderSbom(names.toReversed().map((name) => resolve('node_modules', name)))).toBe(text);
  });

  it('refuses a package that is not the one of the lockfile', async () => {
    const root = await mkdtemp(join(tmpdir(), 'fairshelf-sbom-'));
    const folder = join(root, 'node_modules', 'other');
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'package.json'), '{"name":"other","version":"1.0.1","license":"MIT"}');
    await writeFile(join(root, 'package.json'), '{"name":"own","version":"0.0.0","license":"MIT"}');
    const locked = { 'node_modules/other': { version: '1.0.0', integrity: 'sha512-AAAA' } };
    await writeFile(join(root, 'package-lock.json'), JSON.stringify({ packages: locked }));
    expect(() => renderSbom([folder], root)).toThrow(/1\.0\.1 is not what the lockfile names/);
    await rm(root, { recursive: true });
  });
});

describe('the lockfile', () => {
  it('pins every package by a digest, from a registry', () => {
    expect(packages.length).toBeGreaterThan(300);
    for (const [path, { version, integrity, resolved }] of packages) {
      expect(version, path).toMatch(/^\d+\.\d+\.\d+/);
      expect(integrity, path).toMatch(/^sha(512|1)-/);
      if (resolved !== undefined) expect(resolved, path).toMatch(/^https:\/\/[^/]+\/.+\.tgz$/);
    }
  });

  it('names every direct dependency by its exact version', async () => {
    const { devDependencies, dependencies } = JSON.parse(await readFile('package.json', 'utf8')) as {
      readonly devDependencies: Readonly<Record<string, string>>;
      readonly dependencies?: Readonly<Record<string, string>>;
    };
    for (const [name, version] of Object.entries({ ...devDependencies, ...dependencies })) {
      expect(version, name).toMatch(/^\d+\.\d+\.\d+$/);
      expect(lockfile.packages[`node_modules/${name}`]?.version, name).toBe(version);
    }
  });

  // `npm ci --ignore-scripts` is enough: what has a script here brings its binary as a package of its own.
  it('needs no install script', () => {
    const scripted = packages.filter(([, entry]) => entry.hasInstallScript === true).map(([path]) => path);
    // Looks whether its binary was installed, and it was: @unrs/resolver-binding-* is an optional dependency.
    expect(scripted).toEqual(['node_modules/unrs-resolver']);
    expect(packages.some(([path]) => path.startsWith('node_modules/@unrs/resolver-binding-'))).toBe(true);
  });
});
