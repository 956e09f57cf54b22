import { digest } from '../../src/digest/digest.ts';

console.log(JSON.stringify(await digest()));
