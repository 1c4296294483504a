"""`plixo policy`."""

from __future__ import annotations

from pathlib import Path

from tests.integration.cli.test_cli import Run, plixo

__all__ = ["plixo"]

EXAMPLE = Path(__file__).parents[3] / "docs/examples/policy.yaml"


def flat(output: str) -> str:
    return " ".join(output.split())


def test_from_an_export_to_what_is_in_force(plixo: Run, tmp_path: Path) -> None:
    file = tmp_path / "policy.yaml"
    text = plixo("policy", "export").stdout
    file.write_text(text, encoding="utf-8")
    assert plixo("policy", "check", str(file)).exit_code == 0
    assert "draft" not in plixo("policy", "apply", str(file)).output
    file.write_text(text.replace("daily_cap: 50", "daily_cap: 80"), encoding="utf-8")
    seen = plixo("policy", "diff", str(file))
    assert seen.exit_code == 0 and "- daily_cap: 50" in seen.output and "+ daily_cap: 80" in seen.output
    assert "policy: version 2 is a draft now" in plixo("policy", "apply", str(file)).output
    assert "daily_cap: 50" in plixo("policy", "export").stdout
    assert "daily_cap: 80" in plixo("policy", "export", "--drafts").stdout
    assert "as version 2, a draft that waits" in plixo("policy", "apply", str(file)).output
    plixo("roles", "set", "petra@x.example", "controller")
    plixo("roles", "set", "rita@x.example", "sales")
    for email in ("rita@x.example", "nobody@x.example"):
        refused = plixo("policy", "publish", "--as", email, "--yes")
        assert refused.exit_code == 1 and "In force" not in refused.output
    assert "No draft waits" in plixo("policy", "publish", "segments", "--as", "petra@x.example", "--yes").output
    done = plixo("policy", "publish", "--as", "petra@x.example", "--yes")
    assert done.exit_code == 0 and "In force: policy:2" in done.output
    assert plixo("policy", "export").stdout == file.read_text(encoding="utf-8")
    again = plixo("policy", "publish", "--as", "petra@x.example", "--yes")
    assert again.exit_code == 0 and "nothing was published" in again.output
    assert "petra" in plixo("audit", "list", "--action", "document.published").output


def test_a_draft_is_discarded_by_a_controller_and_the_log_says_who(plixo: Run, tmp_path: Path) -> None:
    file = tmp_path / "policy.yaml"
    text = plixo("policy", "export").stdout
    file.write_text(text.replace("daily_cap: 50", "daily_cap: 80").replace("a quick question", "a question"), "utf-8")
    plixo("policy", "apply", str(file))
    plixo("roles", "set", "petra@x.example", "controller")
    plixo("roles", "set", "rita@x.example", "sales")
    words = ("policy", "discard", "policy", "templates")
    refused = plixo(*words, "--as", "rita@x.example", "--yes")
    assert refused.exit_code == 1 and "Your role doesn't include this." in refused.output
    done = plixo(*words, "--as", "petra@x.example", "--yes")
    assert done.exit_code == 0 and "- daily_cap: 50" in done.output
    assert "Discarded: policy:2." in done.output and "Discarded: template:friendly_check_in:2." in done.output
    assert "nothing was discarded" in plixo(*words, "--as", "petra@x.example", "--yes").output
    assert plixo("policy", "export", "--drafts").stdout == text
    logged = plixo("audit", "list", "--action", "document.discarded").output
    assert "petra" in logged and "policy:2" in logged
    assert plixo("policy", "discard", "--as", "petra@x.example").exit_code == 2, "of what has to be said"


def test_the_example_can_be_applied(plixo: Run) -> None:
    checked = plixo("policy", "check", str(EXAMPLE))
    assert checked.exit_code == 0, checked.output
    assert "of which no version is approved yet" in flat(checked.output)
    assert plixo("policy", "apply", str(EXAMPLE)).exit_code == 0
    assert "draft now" not in plixo("policy", "apply", str(EXAMPLE)).output


def test_each_currencys_minimum_goes_from_the_document_to_the_export_and_back(plixo: Run, tmp_path: Path) -> None:
    file, was = tmp_path / "policy.yaml", "minimum_balance: '1'"
    text = plixo("policy", "export").stdout
    assert was in text
    file.write_text(text.replace(was, "minimum_balance: {EUR: 25, JPY: 3000, others: 0}"), encoding="utf-8")
    seen = plixo("policy", "diff", str(file))
    assert f"- {was}" in seen.output and "+ minimum_balance: {EUR: 25, JPY: 3000, others: 0}" in seen.output
    assert "policy: version 2 is a draft now" in plixo("policy", "apply", str(file)).output
    plixo("roles", "set", "petra@x.example", "controller")
    assert plixo("policy", "publish", "--as", "petra@x.example", "--yes").exit_code == 0
    exported = plixo("policy", "export").stdout
    assert exported == file.read_text(encoding="utf-8")
    otherwise = "minimum_balance:\n    others: 0\n    JPY: 3000\n    EUR: 25.00   # the same in another order"
    file.write_text(exported.replace("minimum_balance: {EUR: 25, JPY: 3000, others: 0}", otherwise), encoding="utf-8")
    assert "draft" not in plixo("policy", "apply", str(file)).output


def test_what_is_wrong_is_told_with_file_and_line(plixo: Run, tmp_path: Path) -> None:
    file = tmp_path / "p.yaml"
    for raw, words in (
        (b"segments:\n- name: x\n  mode: on\n", "p.yaml:3: mode is one of off, shadow, autopilot"),
        (b"segments:\n- {name: x, mode: shadow, cadence: Frim}\n", "p.yaml:2: “x” names the cadence “Frim”"),
        (
            b"segments:\n- name: x\n  mode: off\n  when: {risks: [severe]}\n",
            "p.yaml:4: “severe” is none of low, medium, high.",
        ),
        (
            EXAMPLE.read_bytes().replace(b"JPY: 800", b"JPY: 800.5"),
            "p.yaml:28: An amount in JPY has no decimals; write 801 instead of 800.5.",
        ),
        (b"policy:\n  zone: \xff\n", "p.yaml:2: This is not UTF-8"),
        (b"", "p.yaml: Nothing stands here"),
        (b"x" * 900_000, "200,000 characters"),
    ):
        file.write_bytes(raw)
        for command in ("check", "diff", "apply"):
            said = plixo("policy", command, str(file))
            assert said.exit_code == 1 and words in flat(said.output), (command, said.output)
            assert said.exception is None or isinstance(said.exception, SystemExit)
    assert "cannot be read" in plixo("policy", "check", str(tmp_path / "none.yaml")).output


def test_what_would_be_sent_is_shown_before_it_is_published(plixo: Run, tmp_path: Path) -> None:
    plixo("import", *books(tmp_path))
    file = tmp_path / "policy.yaml"
    file.write_text(
        "segments:\n- {name: Everybody, mode: autopilot, cadence: Firm}\n"
        "cadences:\n- name: Firm\n  steps:\n"
        + "".join(f"  - {{day: {day}, template: friendly_check_in, tone: Neutral}}\n" for day in (5, 400)),
        encoding="utf-8",
    )
    now = flat(plixo("policy", "simulate").output)
    assert "0 steps of Autopilot" in now and "1: in a segment that is off" in now
    seen = plixo("policy", "simulate", str(file))
    assert seen.exit_code == 0, seen.output
    assert "1 step of Autopilot from example.com" in flat(seen.output)
    assert "• Everybody (1 customer, Autopilot): 1 leave" in seen.output
    one = flat(plixo("policy", "simulate", str(file), "--account", "C-100").output)
    assert "In the segment “Everybody”, tried as number 1" in one
    assert "5 days after it, for all that were missed: leaves" in one and "(not in force)" in one
    assert "In no segment" not in one
    missing = plixo("policy", "simulate", "--account", "C-999")
    assert missing.exit_code == 2 and "no one account with the number C-999" in flat(missing.output)
    file.write_text("segments:\n- {name: x, mode: shadow, cadence: Frim}\n", encoding="utf-8")
    wrong = plixo("policy", "simulate", str(file))
    assert wrong.exit_code == 1 and "names the cadence “Frim”" in flat(wrong.output)


def books(folder: Path) -> list[str]:
    """One customer whose invoice is long overdue."""
    tables = {
        "customers.csv": "customer_id,name,country\nC-100,Acme GmbH,DE\n",
        "contacts.csv": "customer_id,name,email,primary\nC-100,Paula Payer,paula@acme.example,yes\n",
        "invoices.csv": "invoice_number,customer_id,invoice_date,due_date,amount,balance,currency,payment_link\n"
        "INV-1,C-100,2026-01-01,2026-01-31,1000.00,1000.00,EUR,https://pay.example/1\n",
    }
    for name, text in tables.items():
        (folder / name).write_text(text, encoding="utf-8")
    return [str(folder / name) for name in tables]
