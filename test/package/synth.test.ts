/** The app of cdk8s.yaml, through the real `cdk8s synth`. Needs `npm run build`. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { run } from '../support/run';

const root = join(__dirname, '../..');
const output = 'out/synth';

test('cdk8s synth writes the guide’s seventeen manifests, the alternative apart', () => {
  run(join(root, 'node_modules/.bin/cdk8s'), ['synth', '--check-upgrade=false', '--output', output], root);
  const guide = readdirSync(join(root, 'test/guide/manifests')).map((file) => file.replace('.yaml', ''));
  expect(guide).toHaveLength(17);
  for (const name of guide) {
    const folder = name.startsWith('11-') ? 'alternatives' : '.';
    const written = readFileSync(join(root, output, folder, `${name}.k8s.yaml`), 'utf8');
    expect(parse(written)).toEqual(parse(readFileSync(join(root, 'test/guide/manifests', `${name}.yaml`), 'utf8')));
  }
});
