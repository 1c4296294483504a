"""Real workers on a real database, a mail provider and a Slack that misbehave, and a verdict on every message.

A round queues messages, each to a customer of its own, starts workers as processes, and lets things go wrong by a
plan: kill -9 and SIGSTOP at random times and at every named step of a release, PostgreSQL that crashes, hangs or takes
no writes, rows in an administrator's hands, lines refused, cut, or swallowing octets in one direction or both, a mail
server that refuses, drops, hangs or talks nonsense at every phase, Slack that says 429 or 500 or nothing, clocks an
hour ahead and back. Then all is well again, and every message has to be sent once, or ended with a reason, or be held
with a question to A/R whose buttons work: a person's real clicks on `plixo serve` settle each one, after which the
provider has every mail exactly once.

    launch, fleet       processes with a clock and a step of their own; who starts them again
    cable, mail_steps   the line between a worker and a server; the steps that a line to a mail server shows
    schedule, plan      what goes wrong, drawn from a seed; the settings the workers run with
    ground, stage       the two databases; a round while it runs
    verdict, rounds     what became of every message; a round from its beginning to its end

Each round prints its seed and plan. `make chaos SEED=7` (or `CHAOS_SEED=7 pytest tests/chaos/test_rounds.py -s`) draws
the same plan again. Processes and threads interleave as they like, so a seed that found something may need a few tries;
what it found is better kept as a test of its own, such as those in `test_sleepers`.
"""
