import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { type AddressInfo, connect } from 'node:net';
import { join } from 'node:path';
import { createServer } from 'node:tls';

interface ServerCertificate {
  readonly key: string;
  readonly cert: string;
  /** The path of the PEM file, for a client that trusts it. */
  readonly file: string;
}

/**
 * Makes a self-signed certificate with openssl.
 * @param folder an existing folder, for the files.
 * @param altName the address or name of the server: `IP:127.0.0.1`, `DNS:localhost`.
 */
export const makeServerCertificate = (folder: string, altName: string): ServerCertificate => {
  const [keyFile, file] = ['key', 'pem'].map((ending) =>
    join(folder, `${altName.replaceAll(':', '-')}.${ending}`),
  );
  if (keyFile === undefined || file === undefined) throw new Error('two files were named');
  const request = `req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=tally-test -addext subjectAltName=${altName}`;
  execFileSync('openssl', [...request.split(' '), '-keyout', keyFile, '-out', file], { stdio: 'pipe' });
  return { key: readFileSync(keyFile, 'utf8'), cert: readFileSync(file, 'utf8'), file };
};

interface TlsFront {
  readonly port: number;
  readonly stop: () => void;
}

/** TLS in front of a Cassandra that has none. */
export const startTlsFront = async (
  { key, cert }: ServerCertificate,
  cassandraPort: number,
): Promise<TlsFront> => {
  const server = createServer({ key, cert }, (socket) => {
    const node = connect(cassandraPort, '127.0.0.1');
    for (const end of [socket, node]) {
      end.on('error', () => {
        socket.destroy();
        node.destroy();
      });
    }
    socket.pipe(node).pipe(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { port, stop: () => void server.close() };
};
