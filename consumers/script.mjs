// A program for Node: script FILES, the address of a server.
import { verify } from './verify.mjs';

verify(process.argv[2]).then((answer) => console.log(JSON.stringify(answer)));
