from __future__ import annotations

import mailbox
import resource
from concurrent.futures import ThreadPoolExecutor
from email import policy
from email.parser import BytesParser
from pathlib import Path

import pytest

from connectors.mail import MaildirMailer, build_mailer
from domain.errors import Rejected, Unavailable
from tests.integration.mail.making import AT, make_mail


def test_a_letter_is_one_whole_private_file_in_new(tmp_path: Path) -> None:
    mailer = MaildirMailer(tmp_path / "a" / "mail")
    name = mailer.send(make_mail(4))
    assert "M=nudge-4@northwind.test" in name
    path = tmp_path / "a" / "mail" / "new" / name
    assert path.stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "a" / "mail").joinpath("new").stat().st_mode & 0o077 == 0
    message = BytesParser(policy=policy.default).parsebytes(path.read_bytes())
    assert message["Message-ID"] == "<nudge-4@northwind.test>"
    assert message["Date"].datetime == AT
    assert list((tmp_path / "a" / "mail" / "tmp").iterdir()) == []


def test_any_mail_reader_can_read_it(tmp_path: Path) -> None:
    mailer = build_mailer(maildir=tmp_path / "mail")
    mailer.send(make_mail(1))
    box = mailbox.Maildir(str(tmp_path / "mail"), create=False)
    try:
        assert [message["Message-ID"] for message in box] == ["<nudge-1@northwind.test>"]
    finally:
        box.close()
        mailer.close()


def test_the_same_message_twice_is_two_files(tmp_path: Path) -> None:
    mailer = MaildirMailer(tmp_path)
    with ThreadPoolExecutor(8) as pool:
        names = list(pool.map(mailer.send, [make_mail(1)] * 40))
    assert len(set(names)) == 40
    assert sorted(path.name for path in (tmp_path / "new").iterdir()) == sorted(names)


def test_ids_that_are_no_file_names_are_cleaned_and_stay_apart(tmp_path: Path) -> None:
    mailer = MaildirMailer(tmp_path)
    one = mailer.send(make_mail(message_id="a/b!c@x.test"))
    two = mailer.send(make_mail(message_id="a_b_c@x.test"))
    long = mailer.send(make_mail(message_id="n" * 180 + "@x.test"))
    assert one.partition(",M=")[2] != two.partition(",M=")[2]
    assert all("/" not in name and ":" not in name and len(name) < 255 for name in (one, two, long))


def test_a_full_disk_is_unavailable_and_leaves_nothing(tmp_path: Path) -> None:
    mailer = MaildirMailer(tmp_path)
    mailer.check()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, hard))  # the kernel's own "no more room", for this process
    try:
        with pytest.raises(Unavailable) as caught:
            mailer.send(make_mail())
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert caught.value.code == "disk-full"
    assert list((tmp_path / "tmp").iterdir()) == list((tmp_path / "new").iterdir()) == []
    mailer.send(make_mail())


def test_a_path_that_cannot_be_a_folder_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    mailer = MaildirMailer(tmp_path / "file" / "mail")
    for act in (mailer.check, lambda: mailer.send(make_mail())):
        with pytest.raises(Unavailable) as caught:
            act()
        assert caught.value.code == "not-a-folder"
        assert str(tmp_path) not in str(caught.value)


def test_what_cannot_be_composed_leaves_no_file(tmp_path: Path) -> None:
    with pytest.raises(Rejected):
        MaildirMailer(tmp_path).send(make_mail(subject="x\ny"))
    assert list(tmp_path.iterdir()) == []
