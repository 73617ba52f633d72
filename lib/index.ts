export * from './constructs';
export * from './guard';
export * from './plugin';
