"""The benchmark's servers on loopback: an nginx with TLS and its own certificate authority, which passes what it does not
answer itself to bqconn-emulator, and a relay that adds delay. Both end with the context that started them."""

import asyncio
import base64
import contextlib
import glob
import json
import os
import random
import shutil
import socket
import subprocess
import threading
import time

PAGE = 100
PAGES = {"dev": 100, "team": 10, "new": 0}  # by sandbox
ID = "61abb712-060e-4b95-9153-ed4dfb6fd566"
ETAG = "7d00b33c-0000-0200-0000-ef13a3a90000"


def run(*command, **more):
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **more).stdout.decode()


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def make_authority(folder):
    """Creates ca.pem, and server.pem with server.key for localhost and 127.0.0.1."""
    for name in ("ca", "server"):
        run("openssl", "ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", f"{folder}/{name}.key")
    run("openssl", "req", "-x509", "-new", "-key", f"{folder}/ca.key", "-subj", "/CN=bench authority", "-days", "2",
        "-addext", "keyUsage=critical,keyCertSign", "-out", f"{folder}/ca.pem")
    run("openssl", "req", "-new", "-key", f"{folder}/server.key", "-subj", "/CN=localhost",
        "-out", f"{folder}/server.csr")
    with open(f"{folder}/names", "w", encoding="ascii") as names:
        names.write("subjectAltName=DNS:localhost,IP:127.0.0.1\n")
    run("openssl", "x509", "-req", "-in", f"{folder}/server.csr", "-CA", f"{folder}/ca.pem", "-CAkey",
        f"{folder}/ca.key", "-CAcreateserial", "-days", "2", "-extfile", f"{folder}/names",
        "-out", f"{folder}/server.pem")


def trust(folder, store="/etc/ssl/certs"):
    """Replaces the system's root certificates with a copy that includes the authority, only in this mount namespace."""
    copy = f"{folder}/certs"
    shutil.copytree(store, copy, symlinks=True)
    with open(f"{folder}/ca.pem", encoding="ascii") as ca, open(f"{copy}/ca-certificates.crt", "a",
                                                                 encoding="ascii") as bundle:
        bundle.write(ca.read())
    shutil.copy(f"{folder}/ca.pem", f"{copy}/bench.pem")
    name = run("openssl", "x509", "-hash", "-noout", "-in", f"{folder}/ca.pem").strip()
    os.symlink("bench.pem", f"{copy}/{name}.0")
    run("mount", "--bind", copy, store)
    return len(glob.glob(f"{copy}/*.0"))


def connection(number):
    return {"id": f"{number:08d}{ID[8:]}", "name": f"Warehouse {number}", "version": ETAG, "etag": f'"{ETAG}"',
            "createdAt": 1700000000000 + number, "updatedAt": 1700000000000 + number, "state": "enabled",
            "auth": {"specName": "Service Authentication", "params": {"project": "my-project-123"}},
            "connectionSpec": {"id": "3c9b37f8-13a6-43d8-bad3-b863b941fedd", "version": "1.0"}}


def write_pages(folder):
    """The list of each sandbox's connections in pages, as Flow Service returns it."""
    base = "/data/foundation/flowservice/connections"
    for sandbox, pages in PAGES.items():
        os.makedirs(f"{folder}/pages/{sandbox}")
        for page in range(max(pages, 1)):
            body = {"items": [connection(page * PAGE + i) for i in range(PAGE if pages else 0)], "_links": {}}
            if page + 1 < pages:
                body["_links"] = {"next": {"href": f"{base}?continuationToken={page + 1}"}}
                body["_page"] = {"next": f"{page + 1}", "count": PAGE}
            with open(f"{folder}/pages/{sandbox}/{page or ''}.json", "w", encoding="ascii") as file:
                json.dump(body, file)


def made_up_key():
    """PEM of an RSA key of random numbers: as long as a real one, and made a thousand times as fast."""
    def element(tag, content):
        size = len(content)
        return bytes([tag, size] if size < 128 else [tag, 130, *size.to_bytes(2, "big")]) + content

    def integer(number):
        return element(2, number.to_bytes(number.bit_length() // 8 + 1, "big"))

    numbers = [0, *(random.getrandbits(bits) | 1 << bits - 1 | 1 for bits in (2048, 17, 2048, *[1024] * 5))]
    key = element(4, element(48, b"".join(map(integer, numbers))))
    whole = element(48, integer(0) + element(48, bytes.fromhex("06092a864886f70d0101010500")) + key)
    return "-----BEGIN PRIVATE" + f" KEY-----\n{base64.encodebytes(whole).decode()}-----END PRIVATE" + " KEY-----\n"


def write_manifests(folder, count=1000):
    """new.yaml, for an empty sandbox, and team.yaml, for one that has all of it already; a service-account key for each
    connection, and the bodies that curl posts for the same."""
    os.makedirs(f"{folder}/keys")
    for sandbox in ("new", "team"):
        with open(f"{folder}/{sandbox}.yaml", "w", encoding="ascii") as file:
            file.write(f"mark: false\nsandboxes: [{sandbox}]\nconnections:\n" + "".join(
                f"  - name: Warehouse {n}\n    kind: service\n    key-file: {{file: keys/{n}.json}}\n"
                for n in range(count)))
    for n in range(count):
        account = f"bench-{n}@my-project-123.iam.gserviceaccount.com"
        key = json.dumps({"type": "service_account", "project_id": "my-project-123", "private_key_id": f"{n:040x}",
                          "private_key": made_up_key(), "client_email": account, "client_id": "123456789012345678901",
                          "auth_uri": "https://accounts.google.com/o/oauth2/auth",
                          "token_uri": "https://oauth2.googleapis.com/token"}, indent=2)
        with open(f"{folder}/keys/{n}.json", "w", encoding="ascii", opener=private) as file:
            file.write(key)
        body = {**connection(n), "auth": {"specName": "Service Authentication", "params": {
            "privateKey": base64.b64encode(key.encode()).decode()}}}
        with open(f"{folder}/keys/body-{n}", "w", encoding="ascii", opener=private) as file:
            json.dump({name: body[name] for name in ("name", "auth", "connectionSpec")}, file)


def private(path, flags):
    return os.open(path, flags, 0o600)


CONFIGURATION = """
pid nginx.pid; error_log error.log; worker_processes 1; daemon off; {user}
events {{ worker_connections 512; }}
http {{
    access_log off; default_type application/json; keepalive_requests 100000; client_max_body_size 1m;
    client_body_temp_path t1; proxy_temp_path t2; fastcgi_temp_path t3; uwsgi_temp_path t4; scgi_temp_path t5;
    server {{
        listen 127.0.0.1:{port} ssl http2;
        ssl_certificate server.pem; ssl_certificate_key server.key; ssl_protocols TLSv1.2 TLSv1.3;
        location = /ims/token/v3 {{
            return 200 '{{"access_token":"made-up-token","token_type":"bearer","expires_in":86399}}';
        }}
        location = /data/foundation/flowservice/connections {{
            if ($request_method = POST) {{
                return 201 '{{"id":"{id}","etag":"\\\\"{etag}\\\\""}}';
            }}
            rewrite ^ /pages/$http_x_sandbox_name/$arg_continuationToken.json last;
        }}
        location /pages/ {{ internal; root {folder}; }}
        location /data/ {{ proxy_pass {emulator}; access_log calls; }}
    }}
}}
"""


@contextlib.contextmanager
def nginx(folder):
    """Returns the port it listens on."""
    for _ in range(5):
        port = free_port()
        user = "user root;" if os.geteuid() == 0 else ""
        with open(f"{folder}/nginx.conf", "w", encoding="ascii") as file:
            file.write(CONFIGURATION.format(port=port, folder=folder, user=user, id=ID, etag=ETAG,
                                            emulator=os.environ["BQCONN_PLATFORM_URL"]))
        server = subprocess.Popen(["nginx", "-p", folder, "-c", "nginx.conf", "-e", "error.log"])
        until = time.monotonic() + 10
        while server.poll() is None and time.monotonic() < until:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                try:
                    yield port
                finally:
                    server.terminate()
                    server.wait()
                return
            time.sleep(0.02)
        server.terminate()
        server.wait()
    with open(f"{folder}/error.log", encoding="utf-8") as log:
        raise SystemExit("bench: cannot start nginx: " + log.read())


class Relay:
    """Forwards bytes to a port, delaying each direction by `delay` seconds. The first bytes also wait one round trip for
    the TCP handshake, which loopback answers at once. Counts connections, and flights: what a client sends is in the
    flight after the last one of which anything has arrived, on any connection; a handshake is one too."""

    def __init__(self, port, delay):
        self.target, self.delay = port, delay
        self.connections = self.flights = 0
        self.loop = asyncio.new_event_loop()
        self.tasks = set()  # asyncio only keeps weak references
        ready = threading.Event()
        self.thread = threading.Thread(target=self.serve, args=(ready,), daemon=True)
        self.thread.start()
        ready.wait()

    def serve(self, ready):
        asyncio.set_event_loop(self.loop)
        server = self.loop.run_until_complete(asyncio.start_server(self.accept, "127.0.0.1", 0))
        self.port = server.sockets[0].getsockname()[1]
        ready.set()
        self.loop.run_forever()

    async def carry(self, reader, writer, extra, leave, arrive):
        loop = asyncio.get_running_loop()
        begun = due = loop.time()
        with contextlib.suppress(OSError):
            while data := await reader.read(65536):
                # Bytes due at the same time may arrive in any order.
                due = max(max(loop.time(), begun + extra) + self.delay, due + 1e-6)
                loop.call_at(due, lambda data=data, flight=leave(): (writer.write(data), arrive(flight)))
        loop.call_at(max(max(loop.time(), begun + extra) + self.delay, due + 1e-6), writer.close)

    async def accept(self, reader, writer):
        task = asyncio.current_task()
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)
        self.connections += 1
        opening, reached = self.flights + 1, [0]
        to_reader, to_writer = await asyncio.open_connection("127.0.0.1", self.target)
        with contextlib.suppress(asyncio.CancelledError):  # by end_all
            await asyncio.gather(
                self.carry(reader, to_writer, 2 * self.delay, lambda: max(self.flights, opening) + 1, reached.append),
                self.carry(to_reader, writer, 0, lambda: reached[-1],
                           lambda flight: setattr(self, "flights", max(self.flights, flight))), return_exceptions=True)

    async def end_all(self):
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def close(self):
        asyncio.run_coroutine_threadsafe(self.end_all(), self.loop).result()
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()
