/** The bill of materials of a build: CycloneDX 1.6 as JSON (https://cyclonedx.org/docs/1.6/json/). */
import { readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import process from 'node:process';

const read = (path) => JSON.parse(readFileSync(path, 'utf8'));

/** `npm:` package URLs write the @ of a scope as %40. */
const packageUrl = (name, version) => `pkg:npm/${name.replace(/^@/, '%40')}@${version}`;

/** The digest that the lockfile pins a package by. */
function hashesOf(integrity) {
  const [algorithm, digest] = integrity.split('-');
  return [{ alg: algorithm.replace(/^sha/, 'SHA-'), content: Buffer.from(digest, 'base64').toString('hex') }];
}

/**
 * Names exactly the packages whose code is in the build, by folder. `npm sbom` names every tool of the lockfile and
 * cannot tell which of them ships. No serial number and no time: the same sources give the same file.
 * @param {readonly string[]} folders each with its package.json
 * @returns {string}
 */
export function renderSbom(folders, root = process.cwd()) {
  const own = read(join(root, 'package.json'));
  const locked = read(join(root, 'package-lock.json')).packages;
  const components = folders
    .map((folder) => {
      const { name, version, license, description } = read(join(folder, 'package.json'));
      const entry = locked[relative(root, folder).split(sep).join('/')];
      if (entry?.version !== version)
        throw new Error(`${folder}: ${version} is not what the lockfile names.`);
      const purl = packageUrl(name, version);
      return {
        type: 'library',
        'bom-ref': purl,
        name,
        version,
        ...(description === undefined ? {} : { description }),
        scope: 'required',
        hashes: hashesOf(entry.integrity),
        // An expression and a single identifier read the same.
        licenses: [{ expression: license }],
        purl,
      };
    })
    .sort((a, b) => (a.purl < b.purl ? -1 : 1));
  const purl = packageUrl(own.name, own.version);
  return `${JSON.stringify(
    {
      $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
      bomFormat: 'CycloneDX',
      specVersion: '1.6',
      version: 1,
      metadata: {
        component: {
          type: 'application',
          'bom-ref': purl,
          name: own.name,
          version: own.version,
          licenses: [{ expression: own.license }],
          purl,
        },
      },
      components,
      dependencies: [{ ref: purl, dependsOn: components.map((component) => component.purl) }],
    },
    null,
    1,
  )}\n`;
}
