import { render } from 'preact';
import { App } from './app.tsx';
import { keepOffline } from './data/offline.ts';
import './styles/page.css';

// A file dropped beside a slot would be opened in place of the page.
for (const type of ['dragover', 'drop']) addEventListener(type, (event) => event.preventDefault());

render(<App />, document.getElementById('app')!);
void keepOffline();
