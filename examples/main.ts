/** The app that `cdk8s synth` runs: every example, in one YAML file each. */
import { join } from 'node:path';
import { App } from 'cdk8s';
import { ClusterName, CLUSTERS } from './company/clusters';
import { company } from './company/company';
import { PolicyForDeployment } from './deployment';
import { GUIDE, GUIDE_ALTERNATIVES } from './guide';
import { ImportedClasses } from './imported-classes';
import { Payments } from './layers/payments';
import { Baseline } from './layers/platform';
import { Shop } from './layers/shop';
import { ReusableConstruct } from './reusable-construct';

const app = new App();
for (const [id, Example] of Object.entries(GUIDE)) {
  new Example(app, id);
}
new PolicyForDeployment(app, 'deployment');
new ReusableConstruct(app, 'reusable-construct');
new ImportedClasses(app, 'imported-classes');
app.synth();

// The layers have a cluster of their own: their policies have the same names as the guide's.
const layers = new App({ outdir: join(app.outdir, 'layers') });
new Baseline(layers, 'layers-platform');
new Shop(layers, 'layers-shop');
new Payments(layers, 'layers-payments');
layers.synth();

// A program for three clusters; each is written to its own folder.
for (const name of Object.keys(CLUSTERS) as ClusterName[]) {
  company(name).synth();
}

const alternatives = new App({ outdir: join(app.outdir, 'alternatives') });
for (const [id, Example] of Object.entries(GUIDE_ALTERNATIVES)) {
  new Example(alternatives, id);
}
alternatives.synth();
