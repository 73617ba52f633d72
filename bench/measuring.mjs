// What benchmarks in a process of their own share.

/** The peak of the process. */
export function memory() {
  return `${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MB`;
}

/** What a function returns, and the ms that it takes. */
export function timed(run) {
  const start = performance.now();
  const value = run();
  return [value, performance.now() - start];
}

export function valueOf(parsed) {
  if (!parsed.ok) {
    throw new Error(parsed.problem);
  }
  return parsed.value;
}

export function ms(time) {
  return `${time.toFixed(0)} ms`;
}
