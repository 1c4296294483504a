"""Whether a file lies on another machine's drive. SQLite's locks and shared memory do not hold there."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

MOUNTS = Path("/proc/self/mounts")

_REMOTE = frozenset({"9p", "afs", "beegfs", "ceph", "cifs", "davfs", "glusterfs", "lustre", "ncpfs", "smb3", "smbfs"})
_REMOTE_PREFIXES = ("nfs", "fuse.ceph", "fuse.dav", "fuse.gluster", "fuse.s3", "fuse.sshfs", "fuse.rclone")


def network_drive(file: Path, *, mounts: str) -> str | None:
    """The kind of network drive that holds `file`, or None. `mounts` is like /proc/self/mounts."""
    there = PurePosixPath(file.absolute())
    holder, kind = PurePosixPath("/"), ""
    for line in mounts.splitlines():
        fields = line.split(" ")
        if len(fields) < 3:
            continue
        point = PurePosixPath(fields[1].encode("latin-1", "replace").decode("unicode_escape"))
        # Of two at one place the later one covers the earlier.
        if there.is_relative_to(point) and point.is_relative_to(holder):
            holder, kind = point, fields[2]
    return kind if kind in _REMOTE or kind.startswith(_REMOTE_PREFIXES) else None
