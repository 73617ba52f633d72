// Regenerates imports/: the schemas of Cilium's policy CRDs for each supported minor and those of Kubernetes' ClusterNetworkPolicy, without
// descriptions, and the classes that `cdk8s import` generates from the newest minor and from the experimental channel. Needs Go to download the
// published modules.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';

const CRDS = ['ciliumnetworkpolicies', 'ciliumclusterwidenetworkpolicies', 'ciliumcidrgroups'];
const versions = JSON.parse(readFileSync('imports/versions.json', 'utf8'));
const { module: api, version: versionOfApi, channels } = JSON.parse(readFileSync('imports/network-policy-api.json', 'utf8'));

let newest = '';
for (const [minor, version] of Object.entries(versions)) {
  const folder = `imports/crds/${minor}`;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const texts = CRDS.map((crd) => {
    const source = join(moduleFolder('github.com/cilium/cilium', version), 'pkg/k8s/apis/cilium.io/client/crds/v2', `${crd}.yaml`);
    return copied(source, join(folder, `${crd}.yaml`));
  });
  newest = texts.join('---\n');
  console.log(`${folder}: ${version}`);
}
mkdirSync('imports/crds/network-policy-api', { recursive: true });
let widest = '';
for (const channel of channels) {
  const source = join(moduleFolder(api, versionOfApi), 'config/crd', channel, 'policy.networking.k8s.io_clusternetworkpolicies.yaml');
  widest = copied(source, `imports/crds/network-policy-api/${channel}.yaml`);
}
console.log(`imports/crds/network-policy-api: ${versionOfApi}`);
importClasses(newest);
importClasses(widest);

/** Writes a CRD without its descriptions, and returns its text. */
function copied(source, target) {
  const text = stringify(withoutDescriptions(parse(readFileSync(source, 'utf8'))), { lineWidth: 0, aliasDuplicateObjects: false });
  writeFileSync(target, text);
  return text;
}

/** The folder in which Go stores the sources of a published version of a module. */
function moduleFolder(module, version) {
  const answer = execFileSync('go', ['mod', 'download', '-json', `${module}@${version}`], {
    cwd: tmpdir(),
    encoding: 'utf8',
  });
  return JSON.parse(answer).Dir;
}

/** Removes the descriptions from the schemas of a CRD, but not properties with the name `description`. */
function withoutDescriptions(crd) {
  for (const version of crd.spec.versions) {
    version.schema.openAPIV3Schema = stripSchema(version.schema.openAPIV3Schema);
  }
  return crd;
}

function stripSchema(schema) {
  const rest = { ...schema };
  delete rest.description;
  for (const [keyword, value] of Object.entries(rest)) {
    if (keyword === 'properties') {
      rest[keyword] = Object.fromEntries(Object.entries(value).map(([name, property]) => [name, stripSchema(property)]));
    } else if (['items', 'additionalProperties', 'not'].includes(keyword) && typeof value === 'object') {
      rest[keyword] = stripSchema(value);
    } else if (['oneOf', 'anyOf', 'allOf'].includes(keyword)) {
      rest[keyword] = value.map(stripSchema);
    }
  }
  return rest;
}

/** Imports all kinds of an API group from one file, because `cdk8s import` overwrites an earlier import of the same group. */
function importClasses(crds) {
  const folder = mkdtempSync(join(tmpdir(), 'crds-'));
  const file = join(folder, 'crds.yaml');
  writeFileSync(file, crds);
  execFileSync('npx', ['cdk8s', 'import', file, '--language', 'typescript', '--output', 'imports', '--no-save', '--check-upgrade=false'], {
    stdio: 'inherit',
  });
  rmSync(folder, { recursive: true });
}
