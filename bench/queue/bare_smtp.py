"""What sending costs without a product: one reused smtplib connection for each thread, and a mail rendered before.

python -m bench.queue.bare_smtp PORT MAIL_FILE TALLY SLOT CONNECTIONS COUNT
"""

from __future__ import annotations

import sys
from pathlib import Path
from smtplib import SMTP
from threading import Lock, Thread

from bench.queue.processes import report_done_and_wait, report_ready_and_wait
from bench.queue.tally import Tally

SENDER, RECIPIENT = "receivables@example.com", "payables@customer.example"


def main() -> None:
    port, file, tally_path, slot, connections, count = sys.argv[1:]
    octets, tally, lock = Path(file).read_bytes(), Tally(tally_path, int(slot)), Lock()
    doors = [SMTP("127.0.0.1", int(port), local_hostname="bench.example") for _ in range(int(connections))]
    for door in doors:
        door.ehlo()
    left = int(count)

    def send(door: SMTP) -> None:
        nonlocal left
        while True:
            with lock:
                if not left:
                    return
                left -= 1
            door.sendmail(SENDER, [RECIPIENT], octets)
            with lock:
                tally.add()

    report_ready_and_wait()
    threads = [Thread(target=send, args=[door]) for door in doors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    report_done_and_wait()
    for door in doors:
        door.quit()


if __name__ == "__main__":
    main()
