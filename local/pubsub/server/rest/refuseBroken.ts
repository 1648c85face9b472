import type { Duplex } from 'node:stream';

interface Refusal {
  readonly http: string;
  readonly message: string;
}

const REFUSALS: Readonly<Record<string, Refusal | undefined>> = {
  HPE_HEADER_OVERFLOW: { http: '431 Request Header Fields Too Large', message: 'The headers are too large.' },
  ERR_HTTP_REQUEST_TIMEOUT: { http: '408 Request Timeout', message: 'The request did not arrive in time.' },
};

/** Answers what Node cannot read as a request, in Google's form, and closes the connection. */
export const refuseBroken = (error: NodeJS.ErrnoException, socket: Duplex): void => {
  // A connection that the client has reset takes no answer.
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const code = error.code ?? 'an error without a code';
  const { http, message } = REFUSALS[code] ?? {
    http: '400 Bad Request',
    message: `This is neither HTTP/1.1 nor HTTP/2 without TLS: ${code}.`,
  };
  const body = JSON.stringify({
    error: { code: Number.parseInt(http, 10), message, status: 'INVALID_ARGUMENT' },
  });
  socket.end(
    `HTTP/1.1 ${http}\r\ncontent-type: application/json; charset=UTF-8\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  );
};
