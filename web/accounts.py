"""``python -m web.accounts add NAME --role ROLE | password NAME | disable NAME | link NAME --subject ID | unlink NAME | list``: who may use the desk.

The password is asked for on the terminal, or read from the first line of standard input, never from the arguments.
"""

from __future__ import annotations

import argparse
import getpass
import re
import sys
from collections.abc import Sequence

from data.accounts import ROLES, AccountError, Accounts
from settings import Settings
from web.desk.passwords import SHORTEST, hashed

NAME = re.compile(r"[a-z][a-z0-9._-]{1,39}")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command: 0 done, 1 not done and why, 2 wrong usage."""
    options = _parser().parse_args(arguments)
    settings = Settings()
    url = settings.accounts_url
    if url is None:
        print("accounts: no database; set APERTURA_ACCOUNTS_URL, as in sqlite:///data/accounts.sqlite", file=sys.stderr)
        return 1
    try:
        _run(options, Accounts(url), settings.oidc_issuer)
    except AccountError as error:
        print(f"accounts: {error}", file=sys.stderr)
        return 1
    return 0


def _run(options: argparse.Namespace, accounts: Accounts, issuer: str | None) -> None:
    if options.act == "list":
        for account in accounts.all():
            print(f"{account.name:<40} {account.role:<14} {'disabled' if account.is_disabled else 'open'}")
        return
    if options.act == "add":
        if not NAME.fullmatch(options.name):
            raise AccountError("a name has 2 to 40 small letters, digits, '.', '_' or '-', and begins with a letter")
        accounts.add(options.name, options.role, hashed(_password()))
    elif options.act == "password":
        accounts.set_password(options.name, hashed(_password()))
    elif options.act == "link":
        if issuer is None:
            raise AccountError("no identity provider; set APERTURA_OIDC_ISSUER")
        accounts.link(options.name, issuer, options.subject)
    elif options.act == "unlink":
        accounts.unlink(options.name)
    else:
        accounts.disable(options.name)
    accounts.record("command line", f"account_{options.act}", "done", detail={"account": options.name})
    print(f"{options.act}: {options.name}")


def _password() -> str:
    password = getpass.getpass("Password: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
    if len(password) < SHORTEST:
        raise AccountError(f"a password has at least {SHORTEST} characters")
    return password


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m web.accounts", description="Accounts of the commission's desk.")
    acts = parser.add_subparsers(required=True, dest="act", metavar="ACT")
    adding = acts.add_parser("add", help="add an account; its password is asked for")
    adding.add_argument("name")
    adding.add_argument("--role", choices=ROLES, default="viewer")
    acts.add_parser("password", help="give another password and open the account again").add_argument("name")
    linking = acts.add_parser("link", help="let a user of the identity provider sign in as an account")
    linking.add_argument("name")
    linking.add_argument("--subject", required=True, help="what the provider calls the user, as the desk showed it")
    acts.add_parser("unlink", help="take all identities from an account and end its sessions").add_argument("name")
    acts.add_parser("disable", help="close an account and end its sessions").add_argument("name")
    acts.add_parser("list", help="all accounts")
    return parser


if __name__ == "__main__":
    sys.exit(main())
