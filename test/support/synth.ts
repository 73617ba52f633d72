import { App, Chart, ChartProps, Testing } from 'cdk8s';

/** A manifest as the constructs render it. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Record<string, string>;
    readonly annotations?: Record<string, string>;
  };
  readonly spec?: Record<string, unknown>;
  readonly specs?: Record<string, unknown>[];
}

/** All manifests of a chart that `make` populates. */
export function manifests(make: (chart: Chart) => void, props: ChartProps = {}): Manifest[] {
  const chart = new Chart(new App(), 'test', { disableResourceNameHashes: true, ...props });
  make(chart);
  return Testing.synth(chart) as Manifest[];
}

/** The only manifest of a chart that `make` populates. */
export function manifest(make: (chart: Chart) => void, props: ChartProps = {}): Manifest {
  const all = manifests(make, props);
  expect(all).toHaveLength(1);
  return all[0];
}
