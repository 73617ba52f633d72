/** Runs a program with the library. */
import { App, Chart, Testing } from 'cdk8s';
import type { JsonObject } from '../../../lib/model/json';
import { Program, programText } from './expression';
import * as library from 'cdk8s-cilium';

/** The manifests of a program, or what the library says against it. */
export type Written = { readonly manifests: readonly JsonObject[] } | { readonly refusal: Error };

export function written(program: Program): Written {
  const app = new App();
  const charts = ['x', 'y'].map((namespace) => new Chart(app, namespace, { namespace, disableResourceNameHashes: true }));
  const text = programText(program);
  const known = Object.entries(library).filter(([name]) => text.includes(name));
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- the text is what runs, so that a program that fails can be copied
  const run = new Function(...known.map(([name]) => name), 'x', 'y', `'use strict';\n${text}`) as (...values: unknown[]) => void;
  try {
    run(...known.map(([, value]) => value), ...charts);
    return { manifests: charts.flatMap((chart) => Testing.synth(chart) as JsonObject[]) };
  } catch (error) {
    return { refusal: error as Error };
  }
}
