/** The engine runs without Node: bundled for a browser, in a context without Node's globals. Needs `npm run build`. */
import { readFileSync } from 'node:fs';
import { Script, createContext } from 'node:vm';
import { buildSync, transformSync } from 'esbuild';

/** The engine as one script that sets `engine`. */
const { outputFiles, metafile } = buildSync({
  ...{ entryPoints: ['dist/engine.js'], bundle: true, write: false, minify: true, metafile: true },
  // Node's modules are not bundled, so that the test can list the files that import them.
  ...{ platform: 'browser', external: ['node:*'], format: 'iife', globalName: 'engine', target: 'es2022' },
});

function inBrowser(code: string): unknown {
  // The only globals of a browser that the engine uses.
  const world = createContext({ atob, btoa, TextDecoder, TextEncoder });
  new Script(outputFiles[0].text).runInContext(world);
  return JSON.parse(new Script(`JSON.stringify(${code})`).runInContext(world) as string);
}

test('no file of the engine imports a Node module', () => {
  const asking = Object.entries(metafile.inputs).filter(([, { imports }]) => imports.some(({ external }) => external));
  expect(asking.map(([file]) => file)).toEqual([]);
});

test('no file of the engine uses a global of Node', () => {
  const using = Object.keys(metafile.inputs).filter(
    (file) => file.startsWith('dist/') && /\b(?:Buffer|process|global|setImmediate|__dirname)\b/.test(code(file)),
  );
  expect(using).toEqual([]);
});

/** A file without its comments and texts. */
function code(file: string): string {
  const { code: text } = transformSync(readFileSync(file, 'utf8'), { minifyWhitespace: true });
  return text.replace(/\/\*.*?\*\//gs, '').replace(/`(?:[^`\\]|\\.)*`|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/gs, '""');
}

const POLICY = `apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: { name: db, namespace: shop, annotations: { team: !!binary c2hvcA== } }
spec:
  endpointSelector: { matchLabels: { app: db } }
  ingress:
    - fromEndpoints: [{ matchLabels: { app: web } }]
      toPorts: [{ ports: [{ port: "5432", protocol: TCP }] }]
  egress:
    - toCIDR: [10.0.0.0/08, "2001:db8::/32"]
    - toGroups: [{ aws: { securityGroupsIds: [sg-1] } }]
`;

test('checks run in a browser', () => {
  expect(inBrowser(`engine.check([{ name: 'db.yaml', text: ${JSON.stringify(POLICY)} }]).map(({ code, line }) => [code, line])`)).toEqual([
    ['CIL209', 10],
  ]);
});

test('verdicts run in a browser', () => {
  const text = POLICY.replace('/08', '/8');
  const flow = `{ from: 'labels:app=web@shop', to: 'labels:app=db@shop', port: 5432 }`;
  expect(inBrowser(`engine.compile([{ name: 'db.yaml', text: ${JSON.stringify(text)} }]).verdict(${flow}).allowed`)).toBe(true);
});
