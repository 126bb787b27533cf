"""Postfix and Dovecot as a provider runs them, on this computer alone and gone afterwards.

Both have their own configuration, ports, certificates and folders, in a directory of their own; a
mail server that this computer may have besides is not touched. They can only be run by root.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.mail_server import certificate

PASSWORD = "secret"
OURS = ("hello@example.com", "sales@example.com")
THEIRS = ("ana@example.org", "ben@example.org")
EXPIRED, MISNAMED, UNKNOWN = "127.0.0.2", "127.0.0.3", "127.0.0.4"
START_WITHIN = 20.0
USER = "mail"  # has no rights of its own; mail is delivered with them

_DOVECOT = """
protocols = imap lmtp
listen = 127.0.0.1 {expired} {misnamed} {unknown}
base_dir = {folder}/run
state_dir = {folder}/run
log_path = {folder}/dovecot.log
ssl = yes
ssl_cert = <{folder}/good.pem
ssl_key = <{folder}/good.pem
mail_location = maildir:~/Maildir
mail_uid = {user}
mail_gid = {user}
first_valid_uid = 1
first_valid_gid = 1
auth_mechanisms = plain login
default_vsz_limit = 1G
passdb {{
  driver = passwd-file
  args = username_format=%u {folder}/users
}}
userdb {{
  driver = passwd-file
  args = username_format=%u {folder}/users
}}
namespace inbox {{
  inbox = yes
  mailbox Sent {{
    special_use = \\Sent
    auto = create
  }}
}}
service imap-login {{
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = {imaps}
    ssl = yes
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    address = 127.0.0.1
    port = {lmtp}
  }}
}}
service auth {{
  inet_listener {{
    address = 127.0.0.1
    port = {auth}
  }}
}}
recipient_delimiter = +
lmtp_save_to_detail_mailbox = yes
protocol lmtp {{
  mail_plugins = sieve
}}
plugin {{
  sieve = file:~/sieve;active=~/active.sieve
}}
submission_host = 127.0.0.1:{smtp}
postmaster_address = postmaster@example.org
local {expired} {{
  ssl_cert = <{folder}/expired.pem
  ssl_key = <{folder}/expired.pem
}}
local {misnamed} {{
  ssl_cert = <{folder}/misnamed.pem
  ssl_key = <{folder}/misnamed.pem
}}
local {unknown} {{
  ssl_cert = <{folder}/unknown.pem
  ssl_key = <{folder}/unknown.pem
}}
"""

_MAIN = """
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
maillog_file = {folder}/postfix.log
maillog_file_prefixes = {folder}
myhostname = mail.example.com
mydestination =
mynetworks = 127.0.0.0/8
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
virtual_mailbox_domains = example.com example.org
virtual_mailbox_maps =
virtual_transport = lmtp:inet:127.0.0.1:{lmtp}
default_transport = error:nothing leaves this computer
alias_maps =
local_recipient_maps =
smtpd_reject_unlisted_recipient = no
recipient_delimiter = +
sender_bcc_maps = texthash:{folder}/conf/copies
message_size_limit = 200000000
mailbox_size_limit = 0
virtual_mailbox_limit = 0
disable_dns_lookups = yes
smtpd_tls_chain_files = {folder}/good.pem
smtpd_sasl_type = dovecot
smtpd_sasl_path = inet:127.0.0.1:{auth}
"""

_MASTER = """
127.0.0.1:{smtp} inet n - n - - smtpd
127.0.0.1:{submission} inet n - n - - smtpd
  -o smtpd_tls_security_level=encrypt -o smtpd_sasl_auth_enable=yes
  -o smtpd_client_restrictions=permit_sasl_authenticated,reject
127.0.0.1:{smtps} inet n - n - - smtpd {login}
{expired}:{smtps} inet n - n - - smtpd {login} -o smtpd_tls_chain_files={folder}/expired.pem
{misnamed}:{smtps} inet n - n - - smtpd {login} -o smtpd_tls_chain_files={folder}/misnamed.pem
{unknown}:{smtps} inet n - n - - smtpd {login} -o smtpd_tls_chain_files={folder}/unknown.pem
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
proxymap unix - - n - - proxymap
error unix - - n - - error
retry unix - - n - - error
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""
_LOGIN = (
    "-o smtpd_tls_wrappermode=yes -o smtpd_sasl_auth_enable=yes"
    " -o smtpd_client_restrictions=permit_sasl_authenticated,reject"
)
_VACATION = """require ["vacation"];
vacation :days 1 :subject "Out of office" "I am on holiday until 12 June 2026.";
"""


@dataclass(frozen=True)
class MailServers:
    """Where they listen, and the folder in which everything of theirs lies."""

    folder: Path
    ports: dict[str, int]

    @property
    def trusted(self) -> Path:
        """Return the file of certificates that clients trust."""
        return self.folder / "trusted.pem"

    def home(self, address: str) -> Path:
        """Return where the mail of an address lies."""
        return self.folder / "home" / address

    def goes_on_holiday(self, address: str) -> None:
        """Let the server answer for somebody (RFC 5230)."""
        (self.home(address) / "active.sieve").write_text(_VACATION)

    def empty(self) -> None:
        """Take all mail of everybody away."""
        for address in (*OURS, *THEIRS):
            home = self.home(address)
            shutil.rmtree(home, ignore_errors=True)
            home.mkdir(parents=True)
            shutil.chown(home, USER, USER)


def missing() -> str:
    """Return what is missing to run the servers; empty where nothing is."""
    if os.name != "posix" or os.geteuid():
        return "Postfix and Dovecot can only be run by root."
    absent = [name for name in ("postfix", "dovecot", "sievec") if shutil.which(name) is None]
    return f"Not installed: {', '.join(absent)}." if absent else ""


@contextmanager
def running() -> Iterator[MailServers]:
    """Run both servers."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="rally-mail-")))
        folder.chmod(0o755)
        servers = MailServers(folder, _free_ports())
        _furnish(servers)
        _start_dovecot(servers, stack)
        _start_postfix(servers, stack)
        for name in ("imaps", "smtps", "submission", "lmtp"):
            _wait_for(servers, name)
        yield servers


def _free_ports() -> dict[str, int]:
    names = ("imap", "imaps", "lmtp", "auth", "smtp", "smtps", "submission")
    with ExitStack() as stack:
        held = [stack.enter_context(socket.socket()) for _ in names]
        for one in held:
            one.bind(("127.0.0.1", 0))
        return {name: one.getsockname()[1] for name, one in zip(names, held, strict=True)}


def _furnish(servers: MailServers) -> None:
    folder = servers.folder
    own = {
        "good": certificate("localhost"), "unknown": certificate(UNKNOWN),
        "expired": certificate(EXPIRED, days=-1), "misnamed": certificate("mail.example.net"),
    }  # fmt: skip
    for name, (private, public) in own.items():
        (folder / f"{name}.pem").write_bytes(private + public)
    servers.trusted.write_bytes(b"".join(own[one][1] for one in ("good", "expired", "misnamed")))
    names = {"expired": EXPIRED, "misnamed": MISNAMED, "unknown": UNKNOWN}
    given = {"folder": folder, "user": USER, "login": _LOGIN, **names, **servers.ports}
    (folder / "dovecot.conf").write_text(_DOVECOT.format(**given))
    lines = [f"{one}:{{PLAIN}}{PASSWORD}::::{servers.home(one)}::" for one in (*OURS, *THEIRS)]
    (folder / "users").write_text("\n".join(lines) + "\n")
    for name in ("conf", "queue", "data"):
        (folder / name).mkdir()
    shutil.chown(folder / "data", "postfix", "postfix")
    (folder / "conf" / "main.cf").write_text(_MAIN.format(**given))
    (folder / "conf" / "master.cf").write_text(_MASTER.format(**given))
    # As a provider does that keeps what goes out; of the other account nothing is kept.
    (folder / "conf" / "copies").write_text(f"{OURS[0]} {OURS[0].replace('@', '+Sent@')}\n")
    servers.empty()


def _start_dovecot(servers: MailServers, stack: ExitStack) -> None:
    process = subprocess.Popen(["dovecot", "-F", "-c", servers.folder / "dovecot.conf"])
    stack.callback(process.wait, START_WITHIN)
    stack.callback(process.terminate)


def _start_postfix(servers: MailServers, stack: ExitStack) -> None:
    command = ["postfix", "-c", str(servers.folder / "conf")]
    subprocess.run([*command, "start"], check=True, capture_output=True, timeout=START_WITHIN)
    stack.callback(subprocess.run, [*command, "stop"], check=True, capture_output=True)


def _wait_for(servers: MailServers, name: str) -> None:
    until = time.monotonic() + START_WITHIN
    while time.monotonic() < until:
        with socket.socket() as trying:
            if trying.connect_ex(("127.0.0.1", servers.ports[name])) == 0:
                return
        time.sleep(0.05)
    logs = [path.read_text()[-2_000:] for path in servers.folder.glob("*.log")]
    raise TimeoutError(f"{name} does not listen. {' '.join(logs)}")
