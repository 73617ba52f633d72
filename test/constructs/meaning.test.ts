/** Programs mean what they say: what Cilium decides about their manifests is what their words say. */
import fc from 'fast-check';
import { compileObjects, Engine, FlowAnswer } from '../../lib/engine';
import { meaningOf } from '../support/naive/meaning';
import { wrongly } from '../support/naive/mistakes';
import { cases } from '../support/naive/programs';
import { Attempt, CONFIG, INVENTORY, NAMES } from '../support/naive/universe';
import { written } from '../support/naive/written';
import { MINORS } from '../support/vectors/minors';

const RUNS = Number(process.env.RUNS ?? 400);
const SEED = process.env.SEED === undefined ? undefined : Number(process.env.SEED);

const names = Object.fromEntries(Object.entries(NAMES).map(([name, address]) => [name, [address]]));

function shown({ from, to, ...traffic }: Attempt): string {
  return `${from.name} -> ${to.name} ${JSON.stringify(traffic)}`;
}

/** Whether the connection comes about, with the request on it. */
function passes(engine: Engine, { from, to, ...traffic }: Attempt): boolean | undefined {
  const { allowed, http, dns, sni }: FlowAnswer = engine.verdict({ from: from.name, to: to.name, ...traffic });
  const ruling = http ?? dns ?? sni ?? 'allowed';
  return allowed === null || ruling === 'unknown' ? undefined : allowed && ruling === 'allowed';
}

test('what a program says of a connection is what Cilium decides', () => {
  const count = { programs: 0, refused: 0, passed: 0, dropped: 0, open: 0 };
  fc.assert(
    fc.property(cases, ({ program, attempts: asked }) => {
      const result = written(program);
      count.programs++;
      if ('refusal' in result) {
        count.refused++;
        expect(wrongly(program, result.refusal)).toEqual([]);
        return;
      }
      const says = meaningOf(program);
      const wanted = asked.map(says);
      wanted.forEach((passes) => count[passes === undefined ? 'open' : passes ? 'passed' : 'dropped']++);
      for (const cilium of MINORS) {
        const engine = compileObjects([...result.manifests, ...INVENTORY], { cilium, config: CONFIG, names, learn: false });
        expect(engine.refused).toEqual([]);
        const wrong = asked.filter((attempt, index) => wanted[index] !== undefined && passes(engine, attempt) !== wanted[index]);
        expect(
          wrong.map((one) => `${cilium}: ${shown(one)} ${says(one) ? 'passes' : 'is dropped'} by the words, but not by Cilium`),
        ).toEqual([]);
      }
    }),
    { numRuns: RUNS, seed: SEED },
  );
  if (process.env.RUNS !== undefined) {
    process.stdout.write(`${JSON.stringify(count)}\n`);
  }
  expect(count.refused / count.programs).toBeLessThan(0.4);
  expect(count.open / count.passed).toBeLessThan(0.01);
  expect(count.dropped / (count.passed + count.dropped)).toBeGreaterThan(0.2);
});
