"""The kubelet's side of pods/portforward: WebSockets with channels, as the API server passes them on.

For the n-th port channel 2n carries data and 2n+1 errors; each begins with the port, two bytes, low one first.
"""
import base64
import hashlib
import http.server
import select
import ssl
import struct
import threading
import urllib.parse

PROTOCOLS = ('v4.channel.k8s.io',)
MARK = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'


class Wire:
    """A server's end of a WebSocket (RFC 6455). One thread serves it: OpenSSL's connections are not made for two."""

    def __init__(self, connection):
        self.connection, self.buffer, self.parts, self.is_closed = connection, b'', b'', False

    def read(self):
        """The whole messages that have come; None when the client is gone."""
        data = self.connection.recv(65536)
        if not data:
            return None
        self.buffer += data
        found = []
        while (frame := self.frame()) is not None:
            first, body = frame
            kind = first & 15
            if kind == 8:
                return None
            if kind == 9:
                self.send(body, 10)
            elif kind < 3:
                self.parts += body
                if first & 128:
                    found.append(self.parts)
                    self.parts = b''
        return found

    def frame(self):
        if len(self.buffer) < 2:
            return None
        length, start = self.buffer[1] & 127, 2
        if length > 125:
            size = 2 if length == 126 else 8
            if len(self.buffer) < 2 + size:
                return None
            length, start = int.from_bytes(self.buffer[2:2 + size], 'big'), 2 + size
        if len(self.buffer) < start + 4 + length:
            return None
        mask, body = self.buffer[start:start + 4], self.buffer[start + 4:start + 4 + length]
        key = (mask * (length // 4 + 1))[:length]
        first = self.buffer[0]
        self.buffer = self.buffer[start + 4 + length:]
        return first, (int.from_bytes(body, 'big') ^ int.from_bytes(key, 'big')).to_bytes(length, 'big')

    def send(self, body, kind=2):
        size = bytes([len(body)]) if len(body) < 126 else b'\x7e' + struct.pack('>H', len(body))
        self.connection.sendall(bytes([128 | kind]) + size + body)

    def close(self):
        if not self.is_closed:
            self.is_closed = True
            self.send(struct.pack('>H', 1000), 8)


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'
    find = None

    def log_message(self, *args):
        pass

    def refuse(self, status, text):
        body = text.encode()
        self.send_response(status)
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        url = urllib.parse.urlsplit(self.path)
        words = url.path.strip('/').split('/')
        asked = urllib.parse.parse_qs(url.query)
        ports = [int(p) for p in asked.get('ports', asked.get('port', []))]
        offered = [p.strip() for p in self.headers.get('Sec-WebSocket-Protocol', '').split(',')]
        protocol = next((p for p in PROTOCOLS if p in offered), None)
        if words[0] != 'portForward' or len(words) < 3:
            self.refuse(404, 'this kubelet only forwards ports')
            return
        pod = self.find(words[1], words[2])
        if pod is None:
            self.refuse(404, 'pod %s does not run' % words[2])
            return
        if not protocol or not ports:
            self.refuse(400, 'a WebSocket with %s and ports is wanted' % PROTOCOLS)
            return
        key = base64.b64encode(hashlib.sha1((self.headers['Sec-WebSocket-Key'] + MARK).encode()).digest()).decode()
        self.send_response(101)
        for name, value in (('Upgrade', 'websocket'), ('Connection', 'Upgrade'), ('Sec-WebSocket-Accept', key),
                            ('Sec-WebSocket-Protocol', protocol)):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.flush()
        self.close_connection = True
        self.serve(Wire(self.connection), pod, ports)

    def serve(self, wire, pod, ports):
        targets = {}
        try:
            for number, port in enumerate(ports):
                for channel in (2 * number, 2 * number + 1):
                    wire.send(bytes([channel]) + struct.pack('<H', port))
                try:
                    targets[2 * number] = pod.connect(port)
                except OSError as e:
                    wire.send(bytes([2 * number + 1]) + ('connection to port %d of the pod: %s' % (port, e)).encode())
            while True:
                if not targets:
                    # The client answers with the same.
                    wire.close()
                # What TLS has read already, select does not see.
                ready = [wire.connection] if wire.connection.pending() else select.select([wire.connection, *targets.values()], [], [])[0]
                if wire.connection in ready:
                    messages = wire.read()
                    if messages is None:
                        return
                    for message in messages:
                        if message and message[0] in targets:
                            targets[message[0]].sendall(message[1:])
                for channel in [c for c, t in targets.items() if t in ready]:
                    data = targets[channel].recv(32768)
                    if data:
                        wire.send(bytes([channel]) + data)
                    else:
                        targets.pop(channel).close()
        except OSError:
            pass
        finally:
            for target in targets.values():
                target.close()


def serve(port, certificate, key, find):
    """Serves until the process ends; find(namespace, name) is a pod with connect(port), or None."""
    server = http.server.ThreadingHTTPServer(('127.0.0.1', port), type('Bound', (Handler,), {'find': staticmethod(find)}))
    server.daemon_threads = True
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    threading.Thread(target=server.serve_forever, daemon=True).start()
