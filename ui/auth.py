"""Who may sign in: a file of names, each with a salted hash of its password (scrypt, RFC 7914).

    name:salt:hash      one on a line, salt and hash in hexadecimal

It is read when a server starts. It holds no password; only its owner can read it all the same.
"""

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from index.durable import write_whole
from index.errors import AccountRefused

COST = {"n": 2**15, "r": 8, "p": 3, "maxmem": 2**26}
"""One of the settings that OWASP's password storage cheat sheet holds for equal; 32 MB."""
SHORTEST = 8
LONGEST = 1024
PRIVATE = 0o600
"""The mode of the file: its owner reads and writes it, and nobody else does."""


@dataclass(frozen=True, slots=True)
class Account:
    """What is known of a password."""

    salt: bytes
    digest: bytes


Accounts = Mapping[str, Account]
NOBODY = Account(b"nobody", b"")


def opens(accounts: Accounts, name: str, password: str) -> bool:
    """Tell whether this is the password of `name`, in a time that does not tell whether there is such a name."""
    account = accounts.get(name, NOBODY)
    return hmac.compare_digest(_digest(password, account.salt), account.digest)


def read_accounts(file: Path) -> dict[str, Account]:
    """Read who may sign in. Raises AccountRefused where the file cannot be read, or nobody is in it."""
    try:
        lines = [line for line in file.read_text().splitlines() if line.strip()]
        accounts = dict(map(_account, lines))
    except OSError as error:
        raise AccountRefused(f"cannot read {file}: {error.strerror}; write it with {_command(file)}") from error
    except ValueError as error:
        raise AccountRefused(f"{file} is not a file of accounts: write one with {_command(file)}") from error
    if not accounts:
        raise AccountRefused(f"nobody is in {file}: add a name with {_command(file)}")
    return accounts


def add_account(file: Path, name: str, password: str) -> None:
    """Let `name` sign in with `password`, or with this one from now on. Raises AccountRefused."""
    if not name.isprintable() or not name.strip() or ":" in name:
        raise AccountRefused(f"{name!r} cannot be a name: give one without a colon")
    if not SHORTEST <= len(password) <= LONGEST:
        raise AccountRefused(f"the password has {len(password)} characters: give one of {SHORTEST} to {LONGEST}")
    accounts = read_accounts(file) if file.exists() else {}
    salt = secrets.token_bytes(16)
    accounts[name] = Account(salt, _digest(password, salt))
    lines = (f"{name}:{account.salt.hex()}:{account.digest.hex()}\n" for name, account in accounts.items())
    try:
        write_whole(file, "".join(lines).encode(), mode=PRIVATE)
    except OSError as error:
        raise AccountRefused(f"cannot write {file}: {error.strerror}; give another place") from error


def _account(line: str) -> tuple[str, Account]:
    name, salt, digest = line.split(":")
    if len(bytes.fromhex(digest)) != 64:
        raise ValueError(line)
    return name, Account(bytes.fromhex(salt), bytes.fromhex(digest))


def _digest(password: str, salt: bytes) -> bytes:
    return hashlib.scrypt(password.encode(errors="surrogatepass"), salt=salt, dklen=64, **COST)


def _command(file: Path) -> str:
    return f"`article-qa auth {file} NAME`"
