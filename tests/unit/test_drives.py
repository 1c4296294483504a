"""A database file on another machine's drive is noticed."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.drives import MOUNTS, network_drive

TABLE = r"""
overlay / overlay rw,relatime 0 0
proc /proc proc rw 0 0
/dev/sdb1 /srv ext4 rw 0 0
files:/export /srv/shared nfs4 rw,vers=4.2 0 0
//nas/ar /mnt/ar\040files cifs rw 0 0
/dev/sdc1 /srv/shared/local xfs rw 0 0
user@host:/home /home/rita/remote fuse.sshfs rw 0 0
/dev/sdd1 /mnt/covered ext4 rw 0 0
files:/b /mnt/covered nfs rw 0 0
broken
"""


@pytest.mark.parametrize(
    ("file", "kind"),
    [
        ("/srv/plixo.db", None),
        ("/srv/shared/plixo.db", "nfs4"),
        ("/srv/shared/deep/var/plixo.db", "nfs4"),
        ("/srv/shared/local/plixo.db", None),
        ("/srv/sharedplixo.db", None),
        ("/mnt/ar files/plixo.db", "cifs"),
        ("/home/rita/remote/plixo.db", "fuse.sshfs"),
        ("/mnt/covered/plixo.db", "nfs"),
        ("/var/plixo.db", None),
    ],
)
def test_a_network_drive_is_told_from_our_own(file: str, kind: str | None) -> None:
    assert network_drive(Path(file), mounts=TABLE) == kind


@pytest.mark.skipif(not MOUNTS.is_file(), reason="this system has no table of mounts")
def test_this_machines_table_can_be_read(tmp_path: Path) -> None:
    network_drive(tmp_path / "plixo.db", mounts=MOUNTS.read_text())
