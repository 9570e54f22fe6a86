"""TLS before a server that speaks none, as a reverse proxy puts it there, with a certificate of its own."""

import asyncio
import ssl
import threading
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

HERE = "127.0.0.1"


@contextmanager
def tls_before(port, folder):
    """The port that speaks TLS, and what trusts it."""
    certificate, key = _certificate(folder)
    speaking = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    speaking.load_cert_chain(certificate, key)
    loop, ready = asyncio.new_event_loop(), threading.Event()
    ports, over = [], asyncio.Event()

    async def serve():
        server = await asyncio.start_server(lambda *wire: _carry(*wire, port), HERE, 0, ssl=speaking)
        ports.append(server.sockets[0].getsockname()[1])
        ready.set()
        await over.wait()
        server.close()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    try:
        assert ready.wait(10)
        yield ports[0], ssl.create_default_context(cafile=str(certificate))
    finally:
        loop.call_soon_threadsafe(over.set)
        thread.join()
        loop.close()


async def _carry(reader, writer, port):
    inside_reader, inside_writer = await asyncio.open_connection(HERE, port)
    await asyncio.gather(_pipe(reader, inside_writer), _pipe(inside_reader, writer))


async def _pipe(reader, writer):
    with suppress(ConnectionError, ssl.SSLError):
        while piece := await reader.read(65_536):
            writer.write(piece)
            await writer.drain()
    with suppress(ConnectionError, ssl.SSLError):
        writer.close()
        await writer.wait_closed()


def _certificate(folder):
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, HERE)])
    told = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    told = told.serial_number(x509.random_serial_number())
    told = told.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    whose = x509.SubjectAlternativeName([x509.IPAddress(ip_address(HERE))])
    own = x509.BasicConstraints(ca=True, path_length=None)
    made = told.add_extension(whose, critical=False).add_extension(own, critical=True).sign(key, hashes.SHA256())
    (folder / "certificate.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    forms = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    (folder / "key.pem").write_bytes(key.private_bytes(*forms))
    return folder / "certificate.pem", folder / "key.pem"
