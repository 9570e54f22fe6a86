"""How much a request may carry."""

import socket

import pytest

from gateway.limits import LISTENBRAINZ_BATCH, MEBIBYTE, BodyTooLarge, CompressedBody, UnclearLength, check, limit_of

HOST = b"Host: x\r\nConnection: close\r\n"


@pytest.mark.parametrize(
    ("path", "limit"),
    [
        ("/club/weeks", MEBIBYTE),
        ("/listens", MEBIBYTE),
        ("/listens/bulk", 5 * MEBIBYTE),
        ("/listens/bulk/", 5 * MEBIBYTE),
        ("/1/submit-listens", 10_240_000),
        ("/apis/listenbrainz/1/submit-listens", LISTENBRAINZ_BATCH),
        ("/1/delete-listen", MEBIBYTE),
        ("/clubs/main/restore", 64 * MEBIBYTE),
        ("/clubs/main/restore/", 64 * MEBIBYTE),
        ("/clubs/restore", MEBIBYTE),
        ("/clubs//restore", MEBIBYTE),
        ("/clubs/main/weeks/restore", MEBIBYTE),
        ("/clubs/main/restore/more", MEBIBYTE),
        ("/more/clubs/main/restore", MEBIBYTE),
        ("/club/restore", MEBIBYTE),
    ],
)
def test_each_path_has_its_limit(path, limit):
    assert limit_of(path) == limit


def test_what_fits_exactly_is_taken(gate):
    assert gate.ask("POST", "/club/mirror", content=b"x" * MEBIBYTE).json()["size"] == MEBIBYTE


@pytest.mark.parametrize(
    ("path", "limit"),
    [("/club/mirror", MEBIBYTE), ("/listens/bulk", 5 * MEBIBYTE), ("/clubs/main/restore", 64 * MEBIBYTE)],
)
def test_an_announced_body_too_large_is_refused_before_it_is_sent(gate, path, limit):
    announced = f"POST {path} HTTP/1.1\r\nContent-Length: {limit + 1}\r\nExpect: 100-continue\r\n".encode()
    said = gate.speak(announced + HOST + b"\r\n")
    assert said.startswith(b"HTTP/1.1 413")
    assert b'"code":"body_too_large"' in said
    assert not gate.mirror.seen.is_set()


@pytest.mark.parametrize("path", ["/club/mirror", "/club/weeks/1/bulk", "/club/stubborn"])
def test_an_unannounced_body_too_large_is_refused_on_the_way(gate, path):
    answer = gate.ask("POST", path, content=(b"x" * 65_536 for _ in range(17)))
    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")


def test_after_a_refused_body_the_gateway_serves_on(gate):
    for _ in range(3):
        gate.ask("POST", "/club/mirror", content=(b"x" * 65_536 for _ in range(17)))
    assert gate.ask("GET", "/club/mirror").status_code == 200


def test_a_whole_listenbrainz_batch_fits(gate):
    assert gate.ask("POST", "/1/submit-listens", content=b"x" * LISTENBRAINZ_BATCH).json()["size"] == 10_240_000


def test_a_whole_club_of_64_mebibytes_fits_and_no_more(gate):
    assert gate.ask("POST", "/clubs/main/restore", content=b"x" * 64 * MEBIBYTE).json()["size"] == 64 * MEBIBYTE
    answer = gate.ask("POST", "/clubs/main/restore", content=(b"x" * MEBIBYTE for _ in range(65)))
    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")


def test_a_compressed_body_is_a_415_problem(gate):
    answer = gate.ask("POST", "/club/mirror", content=b"x", headers={"Content-Encoding": "gzip"})
    assert (answer.status_code, answer.json()["code"]) == (415, "compressed_body")


@pytest.mark.parametrize("encoding", [b"gzip", b"GZIP", b"br", b"identity, gzip"])
def test_no_compression_is_taken(encoding):
    with pytest.raises(CompressedBody):
        check([(b"content-encoding", encoding)], 10)


def test_an_uncompressed_body_may_say_so():
    check([(b"content-encoding", b"Identity"), (b"content-length", b"10")], 10)


@pytest.mark.parametrize("length", [b"-1", b"x", b"", b"1.5", b"+1", b"0x1", b"\xd9\xa1"])
def test_a_length_that_is_no_number_is_refused(length):
    with pytest.raises(UnclearLength):
        check([(b"content-length", length)], 10)


@pytest.mark.parametrize("second", [(b"content-length", b"5"), (b"transfer-encoding", b"chunked")])
def test_a_body_measured_twice_is_refused(second):
    with pytest.raises(UnclearLength):
        check([(b"content-length", b"5"), second], 10)


def test_a_length_beyond_all_numbers_is_too_large():
    with pytest.raises(BodyTooLarge):
        check([(b"content-length", b"9" * 5000)], 10)


@pytest.mark.parametrize("length", [b"Content-Length: x\r\n", b"Content-Length: -5\r\n", b"Content-Length: 1\r\n" * 2])
def test_a_bad_length_on_the_wire_is_a_4xx(gate, length):
    assert b" 400 " in gate.speak(b"POST /club/mirror HTTP/1.1\r\n" + HOST + length + b"\r\nx").split(b"\r\n")[0]


def test_a_body_shorter_than_announced_is_never_served_as_whole(gate):
    with socket.create_connection(("127.0.0.1", gate.port), timeout=10) as wire:
        wire.sendall(b"POST /club/mirror HTTP/1.1\r\nContent-Length: 100\r\n" + HOST + b"\r\nhalf")
        wire.shutdown(socket.SHUT_WR)
        assert b"200" not in wire.recv(65_536)
