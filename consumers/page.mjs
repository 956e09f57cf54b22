// A page: its title says how it ended, and the answer stands in it.
import { verify } from './verify.mjs';

verify(location.origin).then(
  (answer) => {
    document.body.textContent = JSON.stringify(answer);
    document.title = 'done';
  },
  (error) => {
    document.body.textContent = `${error?.stack ?? error}`;
    document.title = 'failed';
  },
);
