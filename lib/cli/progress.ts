/** Shows the progress of long work on one line of the terminal. Shows nothing if standard error is not a terminal. */
import type { OnProgress } from '../read/read';

/** The time before progress is shown, and the time between two updates, in milliseconds. */
const PATIENCE = 500;
const PAUSE = 100;

export interface Progress {
  readonly show: OnProgress;
  /** Clears the line. */
  readonly end: () => void;
}

export function progressOn(stream: Pick<NodeJS.WriteStream, 'isTTY' | 'write'>, now: () => number = () => performance.now()): Progress {
  let next = now() + PATIENCE;
  let isShown = false;
  return {
    show: (what, done, of) => {
      if (stream.isTTY && now() >= next) {
        next = now() + PAUSE;
        isShown = true;
        stream.write(`\r\u001b[K${what} ${done} of ${of}`);
      }
    },
    end: () => {
      if (isShown) {
        stream.write('\r\u001b[K');
      }
    },
  };
}
