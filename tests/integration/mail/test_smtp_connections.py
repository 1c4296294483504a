"""Connections: kept, renewed, shared by threads, encrypted, logged in."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from email.utils import parsedate_to_datetime

import pytest

from connectors.mail import SmtpMailer, build_mailer
from connectors.mail.replies import Phase
from domain.errors import InvalidValue, Rejected, Unavailable, Unknown
from domain.mail import Mailbox
from tests.integration.mail.conftest import PATIENT, Certificate
from tests.integration.mail.making import AT, make_mail, part
from tests.integration.mail.rogue_smtp import Fault, RogueSmtp, Step

Build = Callable[..., SmtpMailer]


def test_one_connection_carries_many_messages(server: RogueSmtp, build: Build) -> None:
    mailer = build()
    for number in range(5):
        mailer.send(make_mail(number))
    assert server.connections == 1
    assert [message.message_id for message in server.accepted] == [make_mail(n).message_id for n in range(5)]
    mailer.close()
    assert server.commands[-1] == "QUIT"


def test_the_server_sees_the_envelope_and_the_letter_as_composed(server: RogueSmtp, build: Build) -> None:
    mail = make_mail(text=make_mail().text + "\n.\n..two dots\n.", to=Mailbox("joerg@bücher.test"))
    build().send(mail)
    (accepted,) = server.accepted
    assert (accepted.sender, accepted.recipient) == ("ann@northwind.test", "joerg@xn--bcher-kva.test")
    assert part(accepted.data) == mail.text + "\n"
    assert parsedate_to_datetime(accepted.headers["Date"]) == AT


def test_the_answer_is_kept_without_addresses(server: RogueSmtp, build: Build) -> None:
    server.play(Fault("dot", accept=True, reply="250 2.0.0 Ok <joerg@kunde.test> queued as 4ABC\x07"))
    assert build().send(make_mail()) == "250 2.0.0 Ok queued as 4ABC"


def test_a_connection_is_renewed_after_its_share_of_messages(server: RogueSmtp, build: Build) -> None:
    mailer = build(max_messages=2)
    for number in range(5):
        mailer.send(make_mail(number))
    assert server.connections == 3
    assert len(server.accepted) == 5


def test_a_connection_idle_for_too_long_is_not_used(server: RogueSmtp, build: Build) -> None:
    mailer = build(max_idle=0)
    mailer.send(make_mail(1))
    mailer.send(make_mail(2))
    assert server.connections == 2


def test_a_connection_closed_while_idle_is_replaced_and_the_message_sent_once(server: RogueSmtp, build: Build) -> None:
    mailer = build()
    mailer.send(make_mail(1))
    server.drop_all()
    mailer.send(make_mail(2))
    assert server.connections == 2
    assert server.count(make_mail(2).message_id) == 1
    assert server.duplicates() == []


@pytest.mark.parametrize(
    "fault",
    [
        Fault("mail", then="drop", times=1, skip=1),
        Fault("mail", then="reset", times=1, skip=1),
        Fault("mail", then="hang", times=1, skip=1),
        Fault("mail", reply="421 4.4.2 idle too long", then="drop", times=1, skip=1),
        Fault("after-answer", reply="421 4.4.2 idle too long", then="drop", times=1),
    ],
    ids=lambda fault: f"{fault.step} {fault.reply or fault.then}",
)
def test_a_kept_connection_that_fails_at_mail_is_replaced_once(fault: Fault, server: RogueSmtp, build: Build) -> None:
    server.play(fault)
    mailer = build()
    mailer.send(make_mail(1))
    mailer.send(make_mail(2))
    assert server.connections == 2
    assert [message.message_id for message in server.accepted] == [make_mail(n).message_id for n in (1, 2)]


def test_a_second_failure_is_not_tried_again(server: RogueSmtp, build: Build) -> None:
    server.play(Fault("mail", then="drop", skip=1))
    mailer = build()
    mailer.send(make_mail(1))
    with pytest.raises(Unavailable):
        mailer.send(make_mail(2))
    assert server.connections == 2


def test_past_mail_a_lost_kept_connection_is_left_to_the_queue(server: RogueSmtp, build: Build) -> None:
    server.play(Fault("rcpt", then="drop", skip=1))
    mailer = build()
    mailer.send(make_mail(1))
    with pytest.raises(Unavailable):
        mailer.send(make_mail(2))
    assert server.connections == 1


def test_an_answer_too_many_is_never_taken_for_the_next_commands(server: RogueSmtp, build: Build) -> None:
    """“250, 250” at RCPT: taken one behind, the 354 would pass for nothing and a 250 for the dot's answer."""
    server.play(Fault("rcpt", reply="250 2.1.5 ok\r\n250 2.1.5 ok", times=1))
    with pytest.raises(Unavailable) as caught:
        build().send(make_mail())
    assert caught.value.code == "protocol"
    assert "DATA" not in server.commands


def test_after_a_refusal_the_same_connection_goes_on(server: RogueSmtp, build: Build) -> None:
    server.play(Fault("rcpt", reply="550 5.1.1 no such user", times=1))
    mailer = build()
    with pytest.raises(Rejected):
        mailer.send(make_mail(1))
    mailer.send(make_mail(2))
    assert server.connections == 1
    assert "RSET" in server.commands


def test_threads_share_a_mailer_and_every_message_arrives_once(server: RogueSmtp, build: Build) -> None:
    mailer = build(timeout=5, dot_timeout=5)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(mailer.send, (make_mail(number) for number in range(120))))
    assert sorted(m.message_id for m in server.accepted) == sorted(make_mail(n).message_id for n in range(120))
    assert server.connections <= 8
    assert all(m.data.count(b"Message-ID:") == 1 for m in server.accepted)


def test_phases_are_told_in_order(server: RogueSmtp, build: Build) -> None:
    seen: list[Phase] = []
    build(on_phase=seen.append).send(make_mail())
    assert seen == list(Phase)


def test_an_interrupted_send_does_not_keep_its_connection(server: RogueSmtp, build: Build) -> None:
    def interrupt(phase: Phase) -> None:
        if phase is Phase.DATA and server.connections == 1:
            raise KeyboardInterrupt

    mailer = build(on_phase=interrupt)
    with pytest.raises(KeyboardInterrupt):
        mailer.send(make_mail(1))
    mailer.send(make_mail(2))
    assert server.connections == 2
    assert [message.message_id for message in server.accepted] == [make_mail(2).message_id]


def test_a_connection_in_use_when_the_mailer_is_closed_is_not_kept(server: RogueSmtp) -> None:
    def close(phase: Phase) -> None:
        if phase is Phase.DATA:
            mailer.close()

    mailer = SmtpMailer(server.url, timeout=5, on_phase=close)
    assert mailer.send(make_mail()).startswith("250")
    assert server.commands[-1] == "QUIT"


def test_the_idempotency_header_carries_the_message_id(build: Build) -> None:
    with RogueSmtp(dedupe_header="Resend-Idempotency-Key") as server:
        mailer = build(server.url, idempotency_header="Resend-Idempotency-Key")
        mailer.send(make_mail(7))
        mailer.send(make_mail(7))
        (accepted,) = server.accepted
        assert accepted.headers["Resend-Idempotency-Key"] == make_mail(7).message_id


def test_what_cannot_be_composed_never_reaches_the_server(server: RogueSmtp, build: Build) -> None:
    with pytest.raises(Rejected):
        build().send(make_mail(subject="a\r\nBcc: x@y.test"))
    assert server.connections == 0


# login
@pytest.mark.parametrize("mechanisms", ["PLAIN LOGIN", "LOGIN", "CRAM-MD5", "GSSAPI PLAIN"])
def test_logging_in(mechanisms: str, build: Build) -> None:
    with RogueSmtp(login=("robot", "s:e@c%2F"), auth_mechanisms=mechanisms) as server:
        mailer = build(server.url.replace("s:e@c%2F", "s%3Ae%40c%252F"))
        mailer.check()
        mailer.send(make_mail())
        assert len(server.accepted) == 1


def test_a_wrong_password_is_tried_once_and_is_final_only_for_the_check(build: Build) -> None:
    with RogueSmtp(login=("robot", "right")) as server:
        mailer = build(server.url.replace("right", "wrong"))
        with pytest.raises(Rejected) as caught:
            mailer.check()
        assert caught.value.code == "535"
        assert server.commands.count("AUTH") == 1
        with pytest.raises(Unavailable):
            mailer.send(make_mail())


def test_a_server_without_a_known_login_is_told_in_a_sentence(build: Build) -> None:
    with (
        RogueSmtp(login=("robot", "right"), auth_mechanisms="GSSAPI") as server,
        pytest.raises(Rejected, match="no login that we know"),
    ):
        build(server.url).check()


# check
def test_check_sends_nothing_and_leaves_nothing_open(server: RogueSmtp, build: Build) -> None:
    build().check()
    assert server.commands == ["EHLO", "NOOP", "QUIT"]


@pytest.mark.parametrize(
    ("fault", "becomes"),
    [
        (Fault("banner", reply="421 busy"), Unavailable),
        (Fault("banner", reply="554 go away"), Rejected),
        (Fault("noop", then="drop"), Unavailable),
        (Fault("noop", reply="451 later"), Unavailable),
        (Fault("ehlo", then="hang"), Unavailable),
    ],
    ids=str,
)
def test_check_tells_what_waiting_helps_from_what_it_does_not(
    fault: Fault, becomes: type[Exception], server: RogueSmtp, build: Build
) -> None:
    server.play(fault)
    with pytest.raises(becomes):
        build().check()


def test_a_name_nobody_knows_is_unavailable(build: Build) -> None:
    with pytest.raises(Unavailable) as caught:
        build("smtp://no-such-host.invalid:25?starttls=0", timeout=5).check()
    assert caught.value.code in ("dns", "timeout")


# encryption
def test_starttls_encrypts_login_and_message(certificate: Certificate, build: Build) -> None:
    with RogueSmtp(tls=certificate.for_server(), login=("robot", "secret")) as server:
        mailer = build(server.url, timeout=5, ssl_context=certificate.for_client())
        mailer.check()
        mailer.send(make_mail(1))
        mailer.send(make_mail(2))
        assert [message.is_encrypted for message in server.accepted] == [True, True]
        assert server.connections == 2  # one for the check


def test_smtps_encrypts_from_the_first_octet(certificate: Certificate, build: Build) -> None:
    with RogueSmtp(tls=certificate.for_server(), implicit_tls=True, login=("robot", "secret")) as server:
        build(server.url, timeout=5, ssl_context=certificate.for_client()).send(make_mail())
        assert server.accepted[0].is_encrypted


@pytest.mark.parametrize("implicit", [False, True])
def test_a_certificate_nobody_vouches_for_is_refused(implicit: bool, certificate: Certificate, build: Build) -> None:
    with RogueSmtp(tls=certificate.for_server(), implicit_tls=implicit, login=("robot", "secret")) as server:
        mailer = build(server.url, timeout=5)
        with pytest.raises(Rejected) as caught:
            mailer.check()
        assert caught.value.code == "certificate"
        with pytest.raises(Unavailable):
            mailer.send(make_mail())
        assert "AUTH" not in server.commands
        assert server.accepted == []


def test_a_certificate_for_another_name_is_refused(certificate: Certificate, build: Build) -> None:
    with RogueSmtp(tls=certificate.for_server(), implicit_tls=True) as server:
        url = server.url.replace("127.0.0.1", "localhost")
        with pytest.raises(Rejected) as caught:
            build(url, timeout=5, ssl_context=certificate.for_client()).check()
        assert caught.value.code == "certificate"


def test_verify_0_is_for_this_machine(certificate: Certificate, build: Build) -> None:
    with RogueSmtp(tls=certificate.for_server(), login=("robot", "secret")) as server:
        build(f"{server.url}&verify=0", timeout=5).send(make_mail())
        assert server.accepted[0].is_encrypted


def test_stripped_starttls_is_refused_before_the_password(build: Build) -> None:
    with RogueSmtp(login=("robot", "secret")) as server:
        mailer = build(server.url.replace("starttls=0", "starttls=1"))
        with pytest.raises(Rejected) as caught:
            mailer.check()
        assert caught.value.code == "no-starttls"
        with pytest.raises(Unavailable):
            mailer.send(make_mail())
        assert not {"AUTH", "MAIL"} & set(server.commands)


@pytest.mark.parametrize(
    "fault",
    [
        Fault("starttls", reply="454 4.7.0 TLS not available"),
        Fault("starttls", then="drop"),
        Fault("starttls", reply="220 go\r\n250-injected\r\n250 AUTH PLAIN"),
        Fault("starttls", reply="220 go\r\nthis is no TLS"),
    ],
    ids=lambda fault: str(fault.reply or fault.then),
)
def test_nothing_goes_out_when_starttls_does_not_work(fault: Fault, certificate: Certificate, build: Build) -> None:
    with RogueSmtp(tls=certificate.for_server(), login=("robot", "secret")) as server:
        server.play(fault)
        with pytest.raises(Unavailable):
            build(server.url, ssl_context=certificate.for_client()).send(make_mail())
        assert not {"AUTH", "MAIL"} & set(server.commands)
        assert server.commands.count("EHLO") == 1  # not greeted again, in whichever state we now are


def test_faults_are_told_apart_under_tls_too(certificate: Certificate, build: Build) -> None:
    with RogueSmtp(tls=certificate.for_server(), implicit_tls=True) as server:
        mailer = build(server.url, timeout=2, dot_timeout=1, ssl_context=certificate.for_client())
        for number, (fault, becomes) in enumerate(
            [
                (Fault("data", then="drop"), Unavailable),
                (Fault("dot", accept=True, then="drop"), Unknown),
                (Fault("dot", accept=True, then="hang"), Unknown),
                (Fault("rcpt", reply="550 5.1.1 no"), Rejected),
            ]
        ):
            server.play(fault)
            with pytest.raises(becomes):
                mailer.send(make_mail(number))
            server.heal()
        mailer.send(make_mail(9))
        assert [m.message_id for m in server.accepted] == [make_mail(n).message_id for n in (1, 2, 9)]


# building
def test_build_mailer_wants_exactly_one_way_out() -> None:
    for ways in ({}, {"smtp_url": "", "maildir": ""}, {"smtp_url": "smtp://127.0.0.1", "maildir": "x"}):
        with pytest.raises(InvalidValue, match="exactly one"):
            build_mailer(**ways)  # type: ignore[arg-type]
    mailer = build_mailer(smtp_url="smtp://robot:hunter2@mail.example.com")
    assert "hunter2" not in repr(mailer)
    mailer.close()


@pytest.mark.parametrize(
    ("step", "error"),
    [("banner", Unavailable), ("mail", Unavailable), ("data", Unavailable), ("dot", Unknown)],
)
def test_cut_in_the_middle_it_says_how_far_it_got(
    server: RogueSmtp, build: Build, step: Step, error: type[Exception]
) -> None:
    server.play(Fault(step, then="hang", accept=True))
    mailer = build(timeout=PATIENT, dot_timeout=PATIENT)
    with ThreadPoolExecutor(1) as pool:
        sending = pool.submit(mailer.send, make_mail())
        assert server.hanging.wait(PATIENT)
        mailer.cut()
        with pytest.raises(error):
            sending.result(timeout=PATIENT)


def test_after_a_cut_nothing_is_handed_over_any_more(server: RogueSmtp, build: Build) -> None:
    mailer = build()
    mailer.send(make_mail(1))
    mailer.cut()
    with pytest.raises(Unavailable):
        mailer.send(make_mail(2))
    assert [message.message_id for message in server.accepted] == [make_mail(1).message_id]
