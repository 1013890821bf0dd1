"""Whole files under a key: any length, from any place, in flat memory, and nothing that was touched."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest

from vinculo.kernel import sealed_files
from vinculo.kernel.cipher import Keys, Unreadable, new_key
from vinculo.kernel.sealed_files import PIECE, TAG, create, key_of_file, length, open_to_read

KEYS = Keys("1", {"1": new_key()}, bytes(32))
LENGTHS = (0, 1, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE, 2 * PIECE + 7)


def content(size: int) -> bytes:
    return (b"Zanzibarquill 0123456789 \xff\x00" * (size // 20 + 1))[:size]


def sealed(path: Path, data: bytes, step: int = 10_000) -> Path:
    with create(path, KEYS) as file:
        for at in range(0, len(data), step):
            file.write(data[at : at + step])
    return path


@pytest.mark.parametrize("size", LENGTHS)
def test_what_was_written_is_read_and_nothing_of_it_lies_there(size: int, tmp_path: Path) -> None:
    data = content(size)
    path = sealed(tmp_path / "a", data)
    assert b"Zanzibar" not in path.read_bytes()
    assert path.stat().st_mode & 0o777 == 0o600
    assert (key_of_file(path), length(path)) == ("1", size)
    with open_to_read(path, KEYS) as file:
        assert file.read() == data
    with open_to_read(path, KEYS) as file:
        for place in (0, 5, PIECE - 3, PIECE, size - 1, size, size + 9):
            file.seek(max(0, place))
            assert file.read(40) == data[max(0, place) : max(0, place) + 40]
        assert file.seek(0, 2) == size


def test_a_file_of_ours_does_not_replace_another(tmp_path: Path) -> None:
    sealed(tmp_path / "a", b"first")
    with pytest.raises(FileExistsError):
        create(tmp_path / "a", KEYS)


def flipped(raw: bytes) -> bytes:
    return raw[:-1] + bytes([raw[-1] ^ 1])


def swapped(raw: bytes) -> bytes:
    head = len(raw) - 2 * (PIECE + TAG) - (7 + TAG)
    one, two = raw[head : head + PIECE + TAG], raw[head + PIECE + TAG : head + 2 * (PIECE + TAG)]
    return raw[:head] + two + one + raw[head + 2 * (PIECE + TAG) :]


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "a bit": flipped,
    "a byte less": lambda raw: raw[:-1],
    "the last piece less": lambda raw: raw[: -(7 + TAG)],
    "two pieces changed places": swapped,
    "a piece more": lambda raw: raw + raw[-(7 + TAG) :],
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_whatever_was_touched_is_not_read_as_if_it_were_whole(damage: str, tmp_path: Path) -> None:
    path = sealed(tmp_path / "a", content(2 * PIECE + 7))
    path.write_bytes(DAMAGES[damage](path.read_bytes()))
    with pytest.raises(Unreadable), open_to_read(path, KEYS) as file:
        file.read()


def test_under_another_name_or_key_it_cannot_be_read(tmp_path: Path) -> None:
    path = sealed(tmp_path / "a", b"secret")
    with pytest.raises(Unreadable):
        open_to_read(path, Keys("1", {"1": new_key()}, bytes(32))).read()
    with pytest.raises(Unreadable):
        open_to_read(path, Keys("2", {"2": KEYS.by_number["1"]}, bytes(32)))
    with pytest.raises(Unreadable):
        open_to_read(path.rename(tmp_path / "b"), KEYS).read()


def test_a_plain_file_is_none_of_ours(tmp_path: Path) -> None:
    for text in (b"", b"V", b"VSF1", b"VSF1\x05", b"name,city\n"):
        path = tmp_path / "plain"
        path.write_bytes(text)
        assert key_of_file(path) is None
        assert length(path) == len(text)
        with pytest.raises(Unreadable):
            open_to_read(path, KEYS)


def test_memory_stays_flat(tmp_path: Path) -> None:
    block = content(PIECE)
    tracemalloc.start()
    try:
        with create(tmp_path / "a", KEYS) as file:
            for _turn in range(100):
                file.write(block)
        with open_to_read(tmp_path / "a", KEYS) as file:
            read = 0
            while some := file.read(64 * 1024):
                read += len(some)
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert read == 100 * PIECE
    assert most < 8 * PIECE
    assert sealed_files.length(tmp_path / "a") == 100 * PIECE
