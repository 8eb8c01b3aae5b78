import fc from 'fast-check';
import { propertySeed } from './property-seed.ts';

const seed = propertySeed(process.env.VENUEKIT_PROPERTY_SEED);
if (seed !== undefined) fc.configureGlobal({ ...fc.readConfigureGlobal(), seed });
