import { createServer } from 'node:http';

/**
 * A key-value store in memory, on this machine alone, that speaks what the examples do: Cloudflare's KV (GET and PUT of a
 * path) and Redis over HTTP (a POST of the words of a command).
 */
export async function keyValueServer() {
  const values = new Map();
  const server = createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    const key = new URL(request.url, 'http://store').pathname.slice(1);
    if (request.method === 'POST') {
      const [word, name, value] = JSON.parse(body);
      if (word === 'SET') values.set(name, value);
      return response.end(JSON.stringify({ result: word === 'SET' ? 'OK' : (values.get(name) ?? null) }));
    }
    if (request.method === 'PUT') values.set(key, body);
    return response.writeHead(values.has(key) ? 200 : 404).end(values.get(key));
  });
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  return { url: `http://127.0.0.1:${server.address().port}`, clear: () => values.clear(), close: () => server.close() };
}
