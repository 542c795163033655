"""Who may come in: readers, their passwords, and what each may do."""

import hashlib
import secrets
from dataclasses import dataclass, field

SCOPES = {"reader": frozenset({"loans"}), "librarian": frozenset({"loans", "readers", "books"})}


@dataclass(frozen=True, slots=True)
class Settings:
    """What differs between a library in use and one under test.

    A million rounds of hashing keep a stolen password safe; a test wants one.
    """

    key: str = field(default_factory=lambda: secrets.token_hex(32))
    audience: str = "library"
    minutes: int = 15
    hash_rounds: int = 1_000_000


@dataclass(frozen=True, slots=True)
class Reader:
    """A reader; `role` is reader or librarian."""

    name: str
    role: str
    salt: bytes
    password_hash: bytes

    def may(self) -> frozenset[str]:
        """Give the scopes that the role brings."""
        return SCOPES[self.role]


def hash_password(password: str, salt: bytes, rounds: int) -> bytes:
    """Hash a password, slowly if there are many rounds."""
    return hashlib.pbkdf2_hmac("sha256", password.encode(), salt, rounds)


class Readers:
    """All readers by their names."""

    def __init__(self, settings: Settings) -> None:
        self._rounds = settings.hash_rounds
        self._readers: dict[str, Reader] = {}

    def register(self, name: str, password: str, role: str = "reader") -> None:
        """Add a reader."""
        salt = secrets.token_bytes(16)
        hashed = hash_password(password, salt, self._rounds)
        self._readers[name] = Reader(name, role, salt, hashed)

    def find(self, name: str) -> Reader | None:
        """Give the reader of a name, if there is one."""
        return self._readers.get(name)

    def names(self) -> list[str]:
        """List all names."""
        return sorted(self._readers)

    def check(self, name: str, password: str) -> Reader | None:
        """Give the reader if the password is right; for an unknown name it takes as long."""
        reader = self.find(name)
        salt, expected = (reader.salt, reader.password_hash) if reader else (b"", b"")
        given = hash_password(password, salt, self._rounds)
        return reader if secrets.compare_digest(given, expected) else None
