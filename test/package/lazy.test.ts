/** A synthesis loads only what it needs. Needs `npm run build`. */
import { run } from '../support/run';

test('requiring the package loads no reader, no check and no renderer', () => {
  const script =
    "require('./dist'); console.log(Object.keys(require.cache).filter((file) => /dist.(read|settings|admission|resolve|verdict|reach|snapshot|checks|report|crd).|js-yaml|commander/.test(file)).join('\\n'))";
  expect(run('node', ['-e', script], '.').trim()).toBe('');
});

test('the command line does not load cdk8s', () => {
  const script =
    "require('./dist/cli/main').main(['explain', 'CIL201']).then(() => console.error(Object.keys(require.cache).some((file) => /node_modules.(cdk8s|constructs)./.test(file))))";
  expect(run('node', ['-e', `const w = process.stdout.write; ${script}`.replace('console.error', 'console.log')], '.').trim()).toMatch(
    /false$/,
  );
});
