// Asks every oracle about policies in YAML: `npm run conformance:manifests -- PATH...`, by default those of `npm run synth`. Needs Go.
//
// Prints what each minor refuses, and exits 1 if the newest refuses anything.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { ask, build, MINORS } from './oracle.mjs';

const paths = process.argv.slice(2);
const policies = (paths.length > 0 ? paths : ['manifests']).flatMap(files).flatMap(read);
let refused;
for (const minor of MINORS) {
  build(minor);
  const answers = await ask(
    minor,
    policies.map(({ object }, id) => ({ kind: 'validate', id, namespace: 'default', config: {}, object })),
  );
  const findings = answers.flatMap(reasons);
  refused = answers.filter((answer) => reasons(answer).length > 0).length;
  findings.forEach((finding) => console.log(`${minor}  ${finding}`));
  console.log(`${minor}: ${policies.length - refused} of ${policies.length} accepted`);
}
process.exitCode = refused > 0 ? 1 : 0;

function reasons({ id, error, unknown = [], schema = [], cel = [], agent = [] }) {
  const unknownFields = unknown.map((field) => `unknown field ${field}`);
  return [...(error ? [error] : []), ...unknownFields, ...schema, ...cel, ...agent].map((reason) => `${policies[id].where}: ${reason}`);
}

function files(path) {
  return statSync(path).isDirectory() ? readdirSync(path).flatMap((name) => files(join(path, name))) : [path];
}

/** The policies of a file; documents of other kinds are none of our business. */
function read(file) {
  if (!/\.ya?ml$/.test(file)) {
    return [];
  }
  const objects = parseAllDocuments(readFileSync(file, 'utf8')).map((document) => document.toJS());
  return objects.filter((object) => object?.apiVersion?.startsWith('cilium.io/')).map((object) => ({ where: file, object }));
}
