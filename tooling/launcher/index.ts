export { currentProcess, watchParents } from './parent-watch.ts';
