export * from './connectable';
export * from './connection-requirement';
export * from './connections';
export * from './external';
export * from './gateway';
export * from './workload';
export * from './workloads';
