import { loadFaces } from 'facsimile/faces';

const form = document.querySelector('form');
const output = document.querySelector('output');
let loading;

form.addEventListener('submit', async (event) => {
  event.preventDefault();
  const { a, b } = Object.fromEntries(new FormData(form));
  output.textContent = 'Looking…';
  try {
    loading ??= loadFaces({ weights: '/faces.safetensors', detector: 'tiny' });
    const { same, distance } = await (await loading).verify(a, b, { face: 'largest' });
    output.textContent = `${same ? 'The same person' : 'Two people'}: ${distance.toFixed(3)} apart.`;
  } catch (error) {
    output.textContent = error.message;
  }
});
