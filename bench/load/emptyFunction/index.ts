import { http } from '@google-cloud/functions-framework';

/** The least that a function on the Functions Framework can do. */
http('empty', (_request, response) => {
  response.status(204).end();
});
