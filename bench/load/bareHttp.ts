/**
 * A process that does what any push endpoint in Node must do, and nothing else: node:http, the body, its JSON
 * and its base64. The floor for the cost of a push.
 */
import { createServer } from 'node:http';
import { buffer } from 'node:stream/consumers';

const server = createServer((request, response) => {
  buffer(request).then(
    (body) => {
      const { message } = JSON.parse(body.toString()) as { message: { data: string } };
      JSON.parse(Buffer.from(message.data, 'base64').toString());
      response.writeHead(204).end();
    },
    (error: unknown) => response.destroy(error instanceof Error ? error : undefined),
  );
});
server.listen(Number(process.env.PORT), '127.0.0.1');
