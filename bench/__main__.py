"""All measurements, one after the other: `python -m bench`, or only some: `python -m bench queue account`.

Each is a program of its own and may be run by itself with smaller numbers; see its `--help`.
"""

from __future__ import annotations

import subprocess
import sys

PARTS = {
    "queue": ["bench.queue"],
    "account": ["bench.account"],
    "slack": ["bench.slack.round_trip", "bench.slack.acks"],
    "import": ["bench.receivables"],
    "memory": ["bench.memory"],
    "planning": ["bench.planning"],
}


def main() -> int:
    asked = sys.argv[1:] or list(PARTS)
    if unknown := [name for name in asked if name not in PARTS]:
        print(f"There is no part {unknown[0]}; there are {', '.join(PARTS)}.", file=sys.stderr)
        return 2
    failed = 0
    for module in (module for name in asked for module in PARTS[name]):
        print(f"== {module}", flush=True)
        failed |= subprocess.run([sys.executable, "-m", module], check=False).returncode != 0
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
