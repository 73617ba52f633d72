/** Makes the command line executable: jsii copies the package into wheels as it is, and their scripts call the file itself. */
import { chmodSync } from 'node:fs';

chmodSync(new URL('../dist/cli/main.js', import.meta.url), 0o755);
