/** How far long work has come, on the line below the prompt; silent where standard error is no terminal. */
import type { OnProgress } from '../read/read';

/** Short work shows nothing. In milliseconds, and so is the time between two changes. */
const PATIENCE = 500;
const PAUSE = 100;

export interface Progress {
  readonly show: OnProgress;
  /** Leaves the line as it was. */
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
