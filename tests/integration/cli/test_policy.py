"""`plixo policy`."""

from __future__ import annotations

from pathlib import Path

from tests.integration.cli.test_cli import Run, plixo

__all__ = ["plixo"]


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


def test_the_example_can_be_applied(plixo: Run) -> None:
    example = Path(__file__).parents[3] / "docs/examples/policy.yaml"
    checked = plixo("policy", "check", str(example))
    assert checked.exit_code == 0, checked.output
    assert "of which no version is approved yet" in flat(checked.output)
    assert plixo("policy", "apply", str(example)).exit_code == 0
    assert "draft now" not in plixo("policy", "apply", str(example)).output


def test_what_is_wrong_is_told_with_file_and_line(plixo: Run, tmp_path: Path) -> None:
    file = tmp_path / "p.yaml"
    for raw, words in (
        (b"segments:\n- name: x\n  mode: on\n", "p.yaml:3: mode is one of off, shadow, autopilot"),
        (b"segments:\n- {name: x, mode: shadow, cadence: Frim}\n", "p.yaml:2: “x” names the cadence “Frim”"),
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
