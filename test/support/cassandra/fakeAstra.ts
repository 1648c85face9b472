import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { type AddressInfo, connect, type Server } from 'node:net';
import { join } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';
import { zip } from '../../../cdktf/bundle/zip.ts';

export interface FakeAstra {
  /** The path of the zip file that Astra's console offers for download. */
  readonly bundle: string;
  /** The host id of the node that each connection asked for. */
  readonly askedFor: readonly string[];
  readonly stop: () => Promise<void>;
}

interface FakeAstraOptions {
  /** An existing folder for keys and the bundle. */
  readonly folder: string;
  readonly cassandraPort: number;
  readonly hostId: string;
  readonly dataCenter: string;
}

/**
 * What Astra has between a client and Cassandra: a service that names the nodes, and a proxy that finds a
 * node by the server name of a TLS connection. Both ask for a client certificate, and the bundle holds one.
 */
export const startFakeAstra = async (options: FakeAstraOptions): Promise<FakeAstra> => {
  const { folder, cassandraPort, hostId, dataCenter } = options;
  const { key, cert } = makeCertificate(folder);
  const mutual = { key, cert, ca: [cert], requestCert: true, rejectUnauthorized: true };
  const askedFor: string[] = [];
  const proxy = createTlsServer(mutual, (socket) => {
    askedFor.push(String(socket.servername));
    const node = connect(cassandraPort, '127.0.0.1');
    for (const end of [socket, node]) {
      end.on('error', () => {
        socket.destroy();
        node.destroy();
      });
    }
    socket.pipe(node).pipe(socket);
  });
  const proxyPort = await listen(proxy);
  const metadata = createServer(mutual, (_request, response) => {
    response.end(
      JSON.stringify({
        contact_info: {
          contact_points: [hostId],
          local_dc: dataCenter,
          sni_proxy_address: `127.0.0.1:${proxyPort}`,
        },
      }),
    );
  });
  const port = await listen(metadata);

  const bundle = join(folder, 'bundle.zip');
  const files = { 'config.json': JSON.stringify({ host: '127.0.0.1', port }), 'ca.crt': cert, cert, key };
  const entries = Object.entries(files).map(([name, text]) => ({ name, bytes: Buffer.from(text) }));
  writeFileSync(bundle, zip(entries));
  return {
    bundle,
    askedFor,
    stop: async () => {
      metadata.closeAllConnections();
      metadata.close();
      proxy.close();
    },
  };
};

const REQUEST =
  'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1';

/** One certificate serves as authority, server and client. The tests do not look at who signed it. */
const makeCertificate = (folder: string): { key: string; cert: string } => {
  const [keyFile, certFile] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const args = [...REQUEST.split(' '), '-keyout', keyFile, '-out', certFile];
  execFileSync('openssl', args, { stdio: 'pipe' });
  return { key: readFileSync(keyFile, 'utf8'), cert: readFileSync(certFile, 'utf8') };
};

const listen = async (server: Server): Promise<number> => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address() as AddressInfo;
  return address.port;
};
